// The latest run over each advertiser's data: what came of it, how long it took, or why it failed.
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { moduleRunsQuery } from "../../api/modules.ts";
import { count } from "../../lib/money.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Settings.module.css";

export function ModuleRuns({ module }: { module: string }) {
  const runs = useInfiniteQuery(moduleRunsQuery(module));
  const items = runs.data?.pages.flatMap((page) => page.items);
  return (
    <section className={classes.section} aria-labelledby="runs">
      <h2 id="runs">Latest runs</h2>
      {runs.error && !items ? (
        <ErrorState error={runs.error} what="load the runs" onRetry={() => void runs.refetch()} />
      ) : items === undefined ? (
        <Skeleton height={72} radius={8} />
      ) : items.length === 0 ? (
        <p className="quiet">It runs by itself once data is in.</p>
      ) : (
        <TableFrame label="Latest runs, table">
          <table className={table.table}>
            <thead>
              <tr>
                <th>Advertiser</th>
                <th data-num>Results</th>
                <th data-num>Took</th>
                <th>Fingerprint</th>
                <th>When</th>
              </tr>
            </thead>
            <tbody>
              {items.map((run) => (
                <tr key={`${run.dsp} ${run.advertiser_id}`}>
                  <td>{run.advertiser_name ?? run.advertiser_id}</td>
                  <td data-num>{run.problem ? "–" : count(run.rows)}</td>
                  <td data-num className="quiet">
                    {Math.max(1, Math.round(run.took_us / 1000))} ms
                  </td>
                  <td className={classes.hash}>
                    {run.problem
                      ? fullSentence(run.problem)
                      : `${run.result_sha256?.slice(0, 12) ?? ""}…`}
                  </td>
                  <td className="quiet">
                    <RelativeTime at={run.ran_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <ShowMore of={runs} />
        </TableFrame>
      )}
    </section>
  );
}
