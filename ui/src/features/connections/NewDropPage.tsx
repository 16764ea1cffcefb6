// A connection that files are delivered to: all it needs is a name.
import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createDrop } from "../../api/deliveries.ts";
import { useWrite } from "../../api/write.ts";
import { org } from "../../lib/paths.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { SetUpForm, SetUpPage } from "../../ui/SetUp.tsx";
import classes from "./NewDropPage.module.css";

export function NewDropPage() {
  return (
    <SetUpPage
      list={{ label: "Connections", to: org.connections() }}
      needs="manage connections"
      title="Deliver files"
      context="For figures of platforms that are not asked by Cellplane: their reports come as files."
    >
      <Form />
    </SetUpPage>
  );
}

function Form() {
  const go = useGo();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const create = useWrite(createDrop, {
    onSuccess: ({ connection_id }) => {
      void queries.invalidateQueries({ queryKey: ["connections"] });
      go(org.connection(connection_id), { replace: true });
    },
  });
  return (
    <SetUpForm
      verb="Create connection"
      ready={name.trim() !== ""}
      pending={create.isPending}
      back={org.connections()}
      onSubmit={() => create.mutate(name.trim())}
    >
      <TextInput
        label="Name"
        description="What people call it, such as the platform the files come from."
        placeholder="The Trade Desk"
        maxLength={100}
        required
        withAsterisk={false}
        data-autofocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ol className={classes.steps}>
        <li>Make the connection.</li>
        <li>Describe one kind of file, from an example: its columns and what they mean.</li>
        <li>Deliver files here, or have them put into the connection's folder.</li>
      </ol>
      <FormError error={create.error} />
    </SetUpForm>
  );
}
