// What was delivered, newest first, and how far its reading is.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { deliveredFilesQuery } from "../../api/deliveries.ts";
import type { DeliveredFile } from "../../api/types.ts";
import { bytes } from "../../lib/bytes.ts";
import { org } from "../../lib/paths.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip, NOT_TAKEN, syncStatus } from "../../ui/Chip.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Drop.module.css";

export function DropFiles({ connectionId }: { connectionId: string }) {
  const files = useQuery(deliveredFilesQuery(connectionId));
  const items = files.data?.items;
  return (
    <section className={classes.section} aria-labelledby="files">
      <h2 id="files">
        Files {items && items.length > 0 && <span className="quieter">{items.length}</span>}
      </h2>
      {files.error && !items ? (
        <ErrorState
          error={files.error}
          what="load what was delivered"
          onRetry={() => void files.refetch()}
        />
      ) : items === undefined ? (
        <Skeleton height={108} radius={8} />
      ) : items.length === 0 ? (
        <p className="quiet">Nothing was delivered yet.</p>
      ) : (
        <TableFrame label="Delivered files, table">
          <table className={table.table}>
            <caption className="sr-only">Delivered files, newest first</caption>
            <thead>
              <tr>
                <th>File</th>
                <th>State</th>
                <th>Pipeline</th>
                <th data-num>Size</th>
                <th>Came by</th>
                <th>When</th>
              </tr>
            </thead>
            <tbody>
              {items.map((file) => (
                <Row key={`${file.bronze_id} ${file.name} ${file.delivered_at}`} file={file} />
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </section>
  );
}

function Row({ file }: { file: DeliveredFile }) {
  const { sync_id: sync, state, pipeline, problem } = file;
  const to = sync && (state === "quarantined" ? org.quarantined(sync) : org.sync(sync));
  return (
    <tr>
      <td className={classes.file}>
        {to ? (
          <AppLink to={to} className={table.name} title={file.name}>
            {file.name}
          </AppLink>
        ) : (
          <span className={table.name} title={file.name}>
            {file.name}
          </span>
        )}
        {problem && <span className={classes.problem}>{fullSentence(problem)}</span>}
      </td>
      <td>
        <Chip status={state ? syncStatus(state) : NOT_TAKEN} />
      </td>
      <td>{pipeline ? <PipelineLink pipeline={pipeline} className="quiet" /> : "–"}</td>
      <td data-num className="quiet">
        {bytes(file.bytes)}
      </td>
      <td className="quiet">{file.origin === "folder" ? "Folder" : "Upload"}</td>
      <td className="quiet">
        <RelativeTime at={file.delivered_at} />
      </td>
    </tr>
  );
}
