// The whole spec as text, checked as one types, tried on a real file, and saved with a comment as
// the org's own layer over what is shipped.
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { saveLayer } from "../../api/pipelines.ts";
import type { PipelineDetail } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { org } from "../../lib/paths.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { ChangesList } from "../../ui/ChangesList.tsx";
import { type EditorHandle, JsonEditor } from "../../ui/JsonEditor.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemsList } from "../../ui/ProblemsList.tsx";
import { SaveDialog } from "../../ui/SaveDialog.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DryRun } from "./DryRun.tsx";
import classes from "./Editor.module.css";
import { specOf, useChecked } from "./useChecked.ts";

export function Editor({ pipeline }: { pipeline: PipelineDetail }) {
  const name = pipeline.pipeline;
  const go = useGo();
  const queries = useQueryClient();
  const editor = useRef<EditorHandle>(null);
  const [saving, savingIs] = useDisclosure();
  const draft = useDraft(name, specOf(pipeline), pipeline.layer_version);
  const checked = useChecked(pipeline, draft.text);
  const marked = useMemo(
    () => new Set(checked.problems.map(({ place }) => place.line)),
    [checked.problems],
  );
  const save = useWrite(saveLayer, {
    onSuccess: () => {
      draft.discard();
      void queries.invalidateQueries({ queryKey: ["pipelines"] });
      go(org.pipeline(name), { replace: true });
    },
  });
  const fresh = isNew(pipeline);
  const discard = () => {
    draft.discard();
    if (fresh) go(org.pipelines(), { replace: true });
  };
  const ready = draft.isDraft && checked.passes && checked.changes.length > 0;

  return (
    <Page
      title={fresh ? "New pipeline" : "Edit pipeline"}
      name={`Edit ${name}`}
      above={
        fresh ? (
          <AppLink to={org.pipelines()}>Pipelines</AppLink>
        ) : (
          <AppLink to={org.pipeline(name)}>{name}</AppLink>
        )
      }
      context={contextOf(pipeline)}
      actions={
        <>
          {draft.isDraft && (
            <Button variant="subtle" onClick={discard}>
              Discard changes
            </Button>
          )}
          <Button disabled={!ready} onClick={savingIs.open}>
            Review and save
          </Button>
        </>
      }
    >
      {draft.isStale && (
        <Notice tone="attention" title="Somebody saved this pipeline while you were editing.">
          Your text is kept as it is; compare the changes before you save, or discard it.
        </Notice>
      )}
      <div className={classes.split}>
        <JsonEditor
          ref={editor}
          className={classes.editor}
          text={draft.text}
          onChange={draft.setText}
          onSave={() => ready && savingIs.open()}
          label={`Spec of ${name}`}
          describedBy="verdict"
          marked={marked}
        />
        <div className={classes.side}>
          <ProblemsList
            id="verdict"
            problems={checked.problems}
            checking={checked.checking}
            onJump={({ place }) => editor.current?.jump(place)}
          />
          <DryRun fresh={fresh} pipeline={name} layer={checked.layer} blocked={!checked.passes} />
          {!fresh && (
            <section className={classes.changes} aria-labelledby="changes">
              <h2 id="changes">
                Changes <span className="quieter">{checked.changes.length}</span>
              </h2>
              <ChangesList
                changes={checked.changes}
                none="Nothing differs from what is in force yet."
              />
            </section>
          )}
        </div>
      </div>
      <SaveDialog
        opened={saving}
        onClose={savingIs.close}
        title={`Save ${name}`}
        verb="Save"
        changes={fresh ? [] : checked.changes}
        comment={fresh ? "First version" : ""}
        none={fresh ? "A new pipeline. It is off until you turn it on." : undefined}
        error={save.error}
        pending={save.isPending}
        onSave={(comment) =>
          save.mutate({
            pipeline: name,
            layer: checked.layer,
            comment,
            expectedVersion: pipeline.layer_version,
          })
        }
      />
    </Page>
  );
}

/** Nothing of it is kept yet but the draft. */
function isNew(pipeline: PipelineDetail): boolean {
  return pipeline.built_in == null && pipeline.layer == null;
}

function contextOf(pipeline: PipelineDetail): string {
  if (isNew(pipeline)) return "What a kind of file looks like, and what its columns mean.";
  return pipeline.built_in == null
    ? "This pipeline is your own; nothing is shipped under it."
    : "What you change is laid over the shipped spec; the rest keeps following it.";
}
