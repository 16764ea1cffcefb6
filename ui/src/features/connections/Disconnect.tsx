// Ending a connection is the one destructive act here, so it is confirmed by typing its name.
import { Button, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { disconnect } from "../../api/connections.ts";
import { sessionQuery } from "../../api/session.ts";
import type { Connection } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { connectionName, isDrop } from "../../lib/connections.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import classes from "./ConnectionPage.module.css";

export function Disconnect({ connection }: { connection: Connection }) {
  const go = useGo();
  const queries = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const [opened, is] = useDisclosure();
  const [typed, setTyped] = useState("");
  const name = connectionName(connection);
  const drop = isDrop(connection);
  const end = useWrite(disconnect, {
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["connections"] });
      go(org.connections(), { replace: true });
    },
  });
  if (!can(session.role, "manage connections")) return null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === name) end.mutate(connection.connection_id);
  };
  return (
    <section className={classes.danger}>
      <div>
        <h2>Disconnect</h2>
        <p>
          {drop
            ? "No more files are taken."
            : "Cellplane forgets the credentials and stops reading."}{" "}
          Figures already loaded stay.
        </p>
      </div>
      <Button variant="default" onClick={is.open}>
        Disconnect
      </Button>
      <Modal
        opened={opened}
        onClose={is.close}
        title={drop ? "Disconnect these files" : "Disconnect this account"}
        centered
      >
        <form className="stack" onSubmit={submit}>
          <p className="quiet">
            No new data arrives after this. To confirm, type <strong>{name}</strong>.
          </p>
          <TextInput
            label={drop ? "Name" : "Account"}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <FormError error={end.error} />
          <div className="row">
            <Button
              type="submit"
              variant="danger"
              disabled={typed !== name}
              loading={end.isPending}
            >
              Disconnect
            </Button>
            <Button variant="default" onClick={is.close}>
              Keep it
            </Button>
          </div>
        </form>
      </Modal>
    </section>
  );
}
