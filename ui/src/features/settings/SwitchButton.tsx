// Turns a module on or off; both are versions, so either can be gone back from.
import { Button } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { saveModule } from "../../api/modules.ts";
import { sessionQuery } from "../../api/session.ts";
import type { ModuleDetail } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { can } from "../../lib/permissions.ts";
import { SaveDialog } from "../../ui/SaveDialog.tsx";

export function SwitchButton({ module }: { module: ModuleDetail }) {
  const [asking, setAsking] = useState(false);
  const { data: session } = useSuspenseQuery(sessionQuery);
  const queries = useQueryClient();
  const save = useWrite(saveModule, {
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["modules"] });
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      setAsking(false);
    },
  });
  if (!can(session.role, "manage settings")) return null;
  const verb = module.enabled ? "Turn off" : "Turn on";
  return (
    <>
      <Button variant={module.enabled ? "default" : "filled"} onClick={() => setAsking(true)}>
        {verb}
      </Button>
      {asking && (
        <SaveDialog
          opened
          onClose={() => setAsking(false)}
          title={`${verb} ${module.title}`}
          verb={verb}
          changes={[{ path: "/enabled", before: module.enabled, after: !module.enabled }]}
          error={save.error}
          pending={save.isPending}
          onSave={(comment) =>
            save.mutate({
              module: module.module,
              enabled: !module.enabled,
              template: module.template ?? null,
              settings: module.layer ?? null,
              comment,
              version: module.version,
            })
          }
        />
      )}
    </>
  );
}
