// Money that will probably not be spent, and the orders it lies in.
import { useQuery } from "@tanstack/react-query";
import { atRiskQuery } from "../../api/home.ts";
import type { PacingRow, PacingTotal } from "../../api/types.ts";
import { plural } from "../../lib/dates.ts";
import { count, decimal, inUnit } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip, PACING } from "../../ui/Chip.tsx";
import { GhostRows } from "../../ui/GhostRows.tsx";
import { MiddleText } from "../../ui/MiddleText.tsx";
import { Section } from "../../ui/Section.tsx";
import { Sparkline } from "../../ui/Sparkline.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Home.module.css";

export function AtRisk() {
  const pacing = useQuery(atRiskQuery);
  const rows = pacing.data?.items.filter((row) => Number(row.at_risk_percent ?? 0) > 0);
  if (pacing.error && rows === undefined) {
    return (
      <Section title="At risk">
        <ErrorState error={pacing.error} what="load pacing" onRetry={() => void pacing.refetch()} />
      </Section>
    );
  }
  const totals = pacing.data?.totals.filter((total) => total.budget_micros > 0) ?? [];
  return (
    <Section
      title="At risk"
      context="What the orders under way will probably not spend by their end."
    >
      {totals.length > 0 && (
        <ul className={classes.figures}>
          {totals.map((total) => (
            <Total key={total.currency ?? total.budget_unit} total={total} />
          ))}
        </ul>
      )}
      {rows?.length === 0 ? (
        <p className="quiet small">Every order is on its way to spend its budget.</p>
      ) : (
        <Orders rows={rows} />
      )}
      <p className="small">
        <AppLink to={org.pacing()}>All insertion orders</AppLink>
      </p>
    </Section>
  );
}

function Total({ total }: { total: PacingTotal }) {
  const text = (micros: number) => inUnit(micros, total.budget_unit, total.currency ?? "");
  return (
    <li className={classes.figure}>
      <strong className="num">{text(total.at_risk_micros)}</strong>
      <span className="quiet small num">
        of {text(total.budget_micros)} in {plural(total.count, "order")}; pacing{" "}
        {decimal(total.pacing_percent)} %
      </span>
    </li>
  );
}

function Orders({ rows }: { rows: readonly PacingRow[] | undefined }) {
  return (
    <TableFrame label="Orders at risk">
      <table className={`${table.table} ${classes.orders}`} aria-busy={rows === undefined}>
        <caption className="sr-only">
          The orders with the largest share of their budget at risk
        </caption>
        <thead>
          <tr>
            <th>Insertion order</th>
            <th data-num>At risk (%)</th>
            <th data-num>At risk</th>
            <th>Status</th>
            <th>Last 14 days</th>
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => <Order key={row.id} row={row} />) ?? (
            <GhostRows rows={3} widths={[240, 40, 72, 72, 70]} />
          )}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Order({ row }: { row: PacingRow }) {
  return (
    <tr>
      <td>
        <AppLink to={org.insertionOrder(row.id)} className={table.name}>
          <MiddleText text={row.name} />
        </AppLink>
      </td>
      <td data-num>{decimal(row.at_risk_percent)}</td>
      <td data-num>{inUnit(row.underspend_at_risk_micros, row.budget_unit, row.currency)}</td>
      <td>
        <Chip status={PACING[row.status]} />
      </td>
      <td>
        <Sparkline
          values={row.spark}
          label={`Delivery per day, last ${count(row.spark.length)} complete days`}
        />
      </td>
    </tr>
  );
}
