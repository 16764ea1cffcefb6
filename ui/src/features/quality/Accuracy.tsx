// What is loaded against the source's own sums: one share for all, one per figure, and each cell
// that differs by name.
import { Select, Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { reconciliationQuery } from "../../api/data-quality.ts";
import { pipelinesQuery } from "../../api/pipelines.ts";
import type { Reconciliation } from "../../api/types.ts";
import { addDays, dayRange, plural, todayIn } from "../../lib/dates.ts";
import { inOrder, metricWord } from "../../lib/metrics.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import { FailingCells } from "./FailingCells.tsx";
import classes from "./Quality.module.css";

const WEEKS = { "4": "4 weeks", "13": "3 months", "52": "12 months" };
const PIPELINE = "dv360_advertiser_days";

export function Accuracy() {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const weeks = search.weeks && search.weeks in WEEKS ? search.weeks : "4";
  const to = addDays(todayIn(undefined), -1);
  const from = addDays(to, 1 - Number(weeks) * 7);
  const compared = useQuery({
    ...reconciliationQuery({ from, to }),
    placeholderData: keepPreviousData,
  });
  return (
    <section className={classes.section} aria-labelledby="accuracy">
      <div className={classes.head}>
        <h2 id="accuracy">Against the source</h2>
        <div className="row">
          <span className="small quieter num">{dayRange(from, to)}</span>
          <Select
            aria-label="How many days"
            className={classes.weeks}
            data={Object.entries(WEEKS).map(([value, label]) => ({ value, label }))}
            allowDeselect={false}
            value={weeks}
            onChange={(value) =>
              value && void navigate({ to: ".", search: { weeks: value } as Search, replace: true })
            }
          />
        </div>
      </div>
      {compared.error && !compared.data ? (
        <ErrorState
          error={compared.error}
          what="compare with the source"
          onRetry={() => void compared.refetch()}
        />
      ) : compared.data === undefined ? (
        <Skeleton height={132} radius={8} />
      ) : (
        <Compared answer={compared.data} />
      )}
    </section>
  );
}

function Compared({ answer }: { answer: Reconciliation }) {
  const { accuracy_percent: accuracy, cells, equal, failing, days_not_compared: open } = answer;
  const pipelines = useQuery(pipelinesQuery);
  const isOn = pipelines.data?.items.some((item) => item.pipeline === PIPELINE && item.enabled);
  if (accuracy == null) {
    return (
      <Notice tone="info" title="Nothing could be compared yet.">
        The source's own sums are a report of their own.{" "}
        {isOn ? (
          <>
            <PipelineLink pipeline={PIPELINE} /> is on; days are compared once its first{" "}
            <AppLink to={org.syncs({ pipeline: PIPELINE })}>sync</AppLink> is in.
          </>
        ) : (
          <>
            <AppLink to={org.pipeline(PIPELINE)}>Turn on daily sums by advertiser</AppLink> to have
            every day checked against them.
          </>
        )}
      </Notice>
    );
  }
  return (
    <>
      <div className={classes.summary}>
        <div className={classes.figure} data-tone={equal === cells ? "ok" : "attention"}>
          <span className={classes.percent}>{accuracy} %</span>
          <span className="small quiet">
            {equal === cells
              ? `All ${count(cells)} cells are equal`
              : `${count(equal)} of ${count(cells)} cells are equal`}
          </span>
          <span className="tiny quieter">A cell is one figure of an advertiser's day.</span>
        </div>
        <Metrics answer={answer} />
      </div>
      {open > 0 && (
        <p className="small quieter">
          {plural(open, "advertiser day")} could not be compared: the source's own sums of{" "}
          {open === 1 ? "it" : "them"} are not in.
        </p>
      )}
      {failing.length > 0 && <FailingCells cells={failing} all={cells - equal} />}
    </>
  );
}

function Metrics({ answer }: { answer: Reconciliation }) {
  const metrics = inOrder(answer.metrics.map(({ metric }) => metric));
  const of = new Map(answer.metrics.map((item) => [item.metric, item]));
  return (
    <TableFrame label="Accuracy by figure, table" className={classes.metrics}>
      <table className={table.table}>
        <caption className="sr-only">Accuracy by figure</caption>
        <thead>
          <tr>
            <th>Figure</th>
            <th data-num>Cells</th>
            <th data-num>Different</th>
            <th data-num>Equal, %</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => {
            const item = of.get(metric);
            const different = (item?.cells ?? 0) - (item?.equal ?? 0);
            return (
              <tr key={metric}>
                <td>{metricWord(metric)}</td>
                <td data-num className="quiet">
                  {count(item?.cells)}
                </td>
                <td data-num className={different > 0 ? classes.different : "quieter"}>
                  {different > 0 ? count(different) : "–"}
                </td>
                <td data-num>{item?.accuracy_percent ?? "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableFrame>
  );
}
