// One file in quarantine: the reason, the line with what stands around it, and the ways out.
import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { quarantinedQuery, replayQuarantined } from "../../api/quarantine.ts";
import { sessionQuery } from "../../api/session.ts";
import type { QuarantineDetail } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { instant, someDays } from "../../lib/dates.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { Fact, Facts } from "../../ui/Facts.tsx";
import { FileLines } from "../../ui/FileLines.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { Drifts } from "./Drifts.tsx";
import classes from "./QuarantinePage.module.css";
import { FILE_STATES } from "./states.ts";

export function QuarantinedPage() {
  const { syncId = "" } = useParams({ strict: false }) as { syncId?: string };
  const file = useQuery(quarantinedQuery(syncId));
  const above = <AppLink to={org.quarantine()}>Quarantine</AppLink>;
  if (file.data) {
    return (
      <Page
        narrow
        above={above}
        title="File in quarantine"
        aside={<Chip status={FILE_STATES[file.data.state]} />}
        context={`Since ${instant(file.data.created_at)}. Earlier figures stand.`}
        actions={<Replay file={file.data} />}
      >
        <Detail file={file.data} />
      </Page>
    );
  }
  return (
    <Page narrow above={above} title="File in quarantine">
      {file.error instanceof ApiError && file.error.missing ? (
        <EmptyState title="This file is not in quarantine">
          It may have been replayed. <AppLink to={org.sync(syncId)}>Its sync</AppLink>
        </EmptyState>
      ) : file.error ? (
        <ErrorState error={file.error} what="load this file" onRetry={() => void file.refetch()} />
      ) : (
        <div className="stack" aria-busy="true">
          <Skeleton height={48} radius={8} />
          <Skeleton height={220} radius={8} />
        </div>
      )}
    </Page>
  );
}

const OUTLOOK: Record<QuarantineDetail["state"], string> = {
  open: "Nothing of this file was loaded. Mend what is wrong, at the source or in the pipeline, and replay it.",
  replaying: "It is being tried again with the pipeline as it is now.",
  resolved: "A replay has loaded it since.",
};

function Detail({ file }: { file: QuarantineDetail }) {
  return (
    <>
      <Notice
        tone={file.state === "resolved" ? "info" : "attention"}
        title={fullSentence(file.message)}
        action={file.replay_sync_id && <AppLink to={org.sync(file.replay_sync_id)}>Replay</AppLink>}
      >
        {OUTLOOK[file.state]}
      </Notice>
      <Drifts file={file} />
      {(file.lines.length > 0 || file.header) && (
        <section className={classes.section} aria-labelledby="lines">
          <h2 id="lines">
            {file.line ? `Line ${count(file.line)} of the file` : "The file begins with"}
          </h2>
          <FileLines
            lines={file.lines}
            header={file.header}
            marked={file.line}
            label="Lines of the file"
          />
        </section>
      )}
      <Facts>
        <Fact label="Pipeline">
          <PipelineLink pipeline={file.pipeline} />
        </Fact>
        <Fact label="Days">
          <span className="num">
            {file.range ? someDays(file.range) : "Whatever the file holds; it was delivered"}
          </span>
        </Fact>
        <Fact label="Sync">
          <AppLink to={org.sync(file.sync_id)}>What was done and when</AppLink>
        </Fact>
        <Fact label="Reason code">
          <code>{file.code}</code>
        </Fact>
        <Fact label="Kept file">
          <CopyText text={file.bronze_id} what="bronze id" />
        </Fact>
      </Facts>
    </>
  );
}

function Replay({ file }: { file: QuarantineDetail }) {
  const go = useGo();
  const queries = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const replay = useWrite(replayQuarantined, {
    onSuccess: ({ sync_id }) => {
      void queries.invalidateQueries({ queryKey: ["quarantine"] });
      void queries.invalidateQueries({ queryKey: ["syncs"] });
      go(org.sync(sync_id));
    },
  });
  if (!can(session.role, "start sync") || file.state !== "open") return null;
  return (
    <>
      <FormError error={replay.error} />
      <Button loading={replay.isPending} onClick={() => replay.mutate(file.sync_id)}>
        Replay
      </Button>
    </>
  );
}
