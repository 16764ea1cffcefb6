// Changing the settings: a template, the form over it, and what that would change on real data.
import { Button, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  keepPreviousData,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { useState } from "react";
import { modulePreviewQuery, type Settings, saveModule, type Template } from "../../api/modules.ts";
import { sessionQuery } from "../../api/session.ts";
import type { ModuleDetail } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { changesBetween } from "../../lib/json-changes.ts";
import { layerOf } from "../../lib/layer.ts";
import { can } from "../../lib/permissions.ts";
import { plain } from "../../lib/sentence.ts";
import { SaveDialog } from "../../ui/SaveDialog.tsx";
import { PreviewPanel } from "./PreviewPanel.tsx";
import classes from "./Settings.module.css";
import { SettingsForm } from "./SettingsForm.tsx";

export function ModuleSettings({ module }: { module: ModuleDetail }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const mayEdit = can(session.role, "manage settings");
  const [template, setTemplate] = useState<Template | null>(module.template ?? null);
  const [values, setValues] = useState(module.settings as Settings);
  const [saving, setSaving] = useState(false);
  const queries = useQueryClient();
  const base = baseOf(module, template);
  const settings = layerOf(base, values);
  const wish = { module: module.module, template, settings };
  const [settled] = useDebouncedValue(wish, 300);
  const changes = changesBetween(module.settings, values);
  const changed = changes.length > 0 || template !== (module.template ?? null);
  const trial = useQuery({
    ...modulePreviewQuery(settled),
    enabled: changed,
    placeholderData: keepPreviousData,
  });
  const save = useWrite(saveModule, {
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["modules"] });
      void queries.invalidateQueries({ queryKey: ["pacing"] });
      setSaving(false);
    },
  });
  const choose = (next: Template | null) => {
    setTemplate(next);
    setValues(baseOf(module, next));
  };
  const invalid = changed && trial.data !== undefined && !trial.data.valid;
  return (
    <section className={classes.section} aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <div className={classes.split}>
        <div className="stack">
          <Select
            label="Template"
            description="What agencies of a kind begin with. Choosing one sets the fields below."
            placeholder="Standard"
            clearable
            disabled={!mayEdit}
            data={module.templates.map((one) => ({
              value: one.template,
              label: plain(one.template),
            }))}
            value={template}
            onChange={(next) => choose(next as Template | null)}
          />
          <SettingsForm
            key={template}
            schema={module.schema}
            values={values}
            problems={invalid ? (trial.data?.problems ?? []) : []}
            disabled={!mayEdit}
            onChange={setValues}
          />
          {mayEdit ? (
            <div className="row">
              <Button disabled={!changed || invalid} onClick={() => setSaving(true)}>
                Save settings
              </Button>
              <Button
                variant="default"
                disabled={!changed}
                onClick={() => {
                  setTemplate(module.template ?? null);
                  setValues(module.settings as Settings);
                }}
              >
                Undo changes
              </Button>
            </div>
          ) : (
            <p className="quiet small">An owner or admin can change these.</p>
          )}
        </div>
        {changed && <PreviewPanel trial={trial} />}
      </div>
      {saving && (
        <SaveDialog
          opened
          onClose={() => setSaving(false)}
          title={`Save the settings of ${module.title}`}
          verb="Save"
          changes={changes}
          none="Only the template differs."
          error={save.error}
          pending={save.isPending}
          onSave={(comment) =>
            save.mutate({ ...wish, enabled: module.enabled, comment, version: module.version })
          }
        />
      )}
    </section>
  );
}

function baseOf(module: ModuleDetail, template: Template | null): Settings {
  const found = module.templates.find((one) => one.template === template);
  return (found?.settings ?? module.defaults) as Settings;
}
