// The way back from a figure: file line, report, query, pipeline version.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { fileLinesQuery } from "../../api/lineage.ts";
import type { Lineage } from "../../api/types.ts";
import { bytes } from "../../lib/bytes.ts";
import { instant } from "../../lib/dates.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chain, ChainLink } from "../../ui/Chain.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { FileLines } from "../../ui/FileLines.tsx";
import classes from "./LineagePanel.module.css";

export function LineageChain({ lineage, figure }: { lineage: Lineage; figure: string }) {
  const { file, load } = lineage;
  return (
    <div className={classes.chain}>
      <Chain label="Where it came from">
        <ChainLink what="Figure" value={figure}>
          {lineage.certified
            ? "Read after the source certified the month."
            : "Provisional: it may still change at the source."}
        </ChainLink>
        <ChainLink what="File" value={`Line ${count(file.line)}`}>
          <Lines bronzeId={file.bronze_id} line={file.line} />
          <p>
            <CopyText text={file.bronze_id} what="bronze id" />
            {file.bytes != null && ` ${bytes(file.bytes)}`}
          </p>
          {load.control_total && <p>The file's own totals agree with its rows.</p>}
        </ChainLink>
        {file.report_id && (
          <ChainLink what="Report" value={<CopyText text={file.report_id} what="report id" />}>
            {lineage.reported_at && `Made at the source ${instant(lineage.reported_at)}. `}
            {load.loaded_at && `Loaded ${instant(load.loaded_at)}.`}
          </ChainLink>
        )}
        {file.query_id && (
          <ChainLink what="Query" value={<CopyText text={file.query_id} what="query id" />} />
        )}
        {load.sync_id && (
          <ChainLink
            what="Sync"
            value={<AppLink to={org.sync(load.sync_id)}>What was done and when</AppLink>}
          />
        )}
        {load.pipeline_version && (
          <ChainLink
            what="Pipeline"
            value={
              <AppLink to={org.pipeline(pipelineOf(load.pipeline_version))}>
                {load.pipeline_version}
              </AppLink>
            }
          />
        )}
      </Chain>
    </div>
  );
}

/** `dv360_line_item_days@1+0/2` is a version of `dv360_line_item_days`. */
function pipelineOf(version: string): string {
  return version.split("@")[0] ?? version;
}

function Lines({ bronzeId, line }: { bronzeId: string; line: number }) {
  const lines = useQuery(fileLinesQuery(bronzeId, line));
  if (lines.data) {
    return <FileLines {...lines.data} marked={line} label="Lines of the file" />;
  }
  return lines.error ? (
    <p className="quiet">The file could not be read just now.</p>
  ) : (
    <Skeleton height={112} radius={8} />
  );
}
