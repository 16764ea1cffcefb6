// A connection that files are delivered to: all it needs is a name.
import { Button, TextInput } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createDrop } from "../../api/deliveries.ts";
import { sessionQuery } from "../../api/session.ts";
import { useWrite } from "../../api/write.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { Page } from "../../ui/Page.tsx";
import { NoPermission } from "../../ui/States.tsx";
import classes from "./NewDropPage.module.css";

export function NewDropPage() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  return (
    <Page
      narrow
      above={<AppLink to={org.connections()}>Connections</AppLink>}
      title="Deliver files"
      context="For figures of platforms that are not asked by Cellplane: their reports come as files."
    >
      {can(session.role, "manage connections") ? (
        <Form />
      ) : (
        <NoPermission>An owner or admin can add connections.</NoPermission>
      )}
    </Page>
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") create.mutate(name.trim());
  };
  return (
    <form className={classes.form} onSubmit={submit}>
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
      <div className="row">
        <Button type="submit" disabled={name.trim() === ""} loading={create.isPending}>
          Create connection
        </Button>
        <Button variant="default" onClick={() => go(org.connections())}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
