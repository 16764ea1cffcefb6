// The convention as text, checked as one types and tried on the org's own names before it is kept.
import { Button } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo, useRef } from "react";
import { type ConventionDocument, conventionTrialQuery, saveConvention } from "../../api/naming.ts";
import { useWrite } from "../../api/write.ts";
import { changesBetween } from "../../lib/json-changes.ts";
import { readJson } from "../../lib/json-places.ts";
import { org } from "../../lib/paths.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { type EditorHandle, JsonEditor } from "../../ui/JsonEditor.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemsList } from "../../ui/ProblemsList.tsx";
import { placeProblems } from "../../ui/problems.ts";
import { SaveDialog } from "../../ui/SaveDialog.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import classes from "./Naming.module.css";
import { PicklistImport } from "./PicklistImport.tsx";
import { TrialPanel } from "./TrialPanel.tsx";

type Props = {
  /** None: it is new. */
  id: string | null;
  version: number;
  saved: ConventionDocument;
  title: string;
  above: ReactNode;
  below?: ReactNode;
  actions?: ReactNode;
};

export function ConventionEditor(props: Props) {
  const { id, version, saved, title, above, below, actions } = props;
  const go = useGo();
  const queries = useQueryClient();
  const editor = useRef<EditorHandle>(null);
  const [saving, savingIs] = useDisclosure();
  const draft = useDraft(`convention:${id ?? JSON.stringify(saved).length}`, saved, version);
  const read = useMemo(() => readJson(draft.text), [draft.text]);
  const value = read.ok ? (read.value as ConventionDocument) : null;
  const [settled] = useDebouncedValue(value, 350);
  const trial = useQuery({
    ...conventionTrialQuery(id, settled),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
  });
  const problems = useMemo(
    () => placeProblems(read, trial.data?.problems ?? []),
    [read, trial.data],
  );
  const marked = useMemo(() => new Set(problems.map(({ place }) => place.line)), [problems]);
  const changes = useMemo(() => (value ? changesBetween(saved, value) : []), [saved, value]);
  const save = useWrite(saveConvention, {
    onSuccess: (kept) => {
      draft.discard();
      void queries.invalidateQueries({ queryKey: ["naming"] });
      savingIs.close();
      go(org.convention(kept.convention_id), { replace: true });
    },
  });
  const checking = read.ok && (settled !== value || trial.isFetching);
  const sound = read.ok && !checking && trial.data?.valid === true;
  const ready = sound && (id === null || changes.length > 0);
  return (
    <Page
      above={above}
      title={title}
      context="What these names are made of. It is tried on your names as you type."
      actions={
        <>
          {actions}
          {draft.isDraft && (
            <Button variant="subtle" onClick={draft.discard}>
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
        <Notice tone="attention" title="Somebody saved this convention while you were editing.">
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
          label="Convention"
          describedBy="verdict"
          marked={marked}
        />
        <div className={classes.side}>
          <ProblemsList
            id="verdict"
            problems={problems}
            checking={checking}
            onJump={({ place }) => editor.current?.jump(place)}
          />
          <TrialPanel trial={trial} />
          <PicklistImport text={draft.text} onChange={draft.setText} />
        </div>
      </div>
      {below}
      <SaveDialog
        opened={saving}
        onClose={savingIs.close}
        title={id === null ? "Keep this convention" : "Save this convention"}
        verb="Save"
        changes={id === null ? [] : changes}
        comment={id === null ? "First version" : ""}
        none={id === null ? "A new convention. Names are checked against it at once." : undefined}
        error={save.error}
        pending={save.isPending}
        onSave={(comment) => save.mutate({ id, document: value, comment, version })}
      />
    </Page>
  );
}
