// One line per currency, and one for impressions; nothing is ever added up across them.
import { useState } from "react";
import type { PacingTotal } from "../../api/types.ts";
import { amount, count, decimal, exactMoney } from "../../lib/money.ts";
import { TableFrame } from "../../ui/TableFrame.tsx";
import classes from "./Totals.module.css";

/** More lines than this push the table itself off a laptop's screen. */
const SHOWN = 3;

type Props = { totals: readonly PacingTotal[]; what: string };

export function Totals({ totals, what }: Props) {
  const [all, setAll] = useState(false);
  const filled = totals.filter((total) => total.budget_micros > 0 || total.spend_micros > 0);
  if (filled.length === 0) return null;
  const many = filled.length > SHOWN + 1;
  const shown = many && !all ? filled.slice(0, SHOWN) : filled;
  return (
    <TableFrame label="Totals by currency" className={classes.totals}>
      <table className={classes.table}>
        <caption className="sr-only">
          Totals by currency, of all rows with data for their whole segment
        </caption>
        <thead>
          <tr>
            <th scope="col">Total of</th>
            <th scope="col">{what}</th>
            <th scope="col">Budget</th>
            <th scope="col">Spent / delivered</th>
            <th scope="col">Expected</th>
            <th scope="col">Pacing (%)</th>
            <th scope="col">At risk</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((total) => (
            <tr key={total.currency ?? total.budget_unit}>
              <th scope="row">{total.currency ?? "Impressions"}</th>
              <td className="quiet">{count(total.count)}</td>
              <Cell micros={total.budget_micros} total={total} />
              <Cell micros={total.spend_micros} total={total} />
              <Cell micros={total.expected_micros} total={total} />
              <td>{decimal(total.pacing_percent)}</td>
              <Cell micros={total.at_risk_micros} total={total} />
            </tr>
          ))}
        </tbody>
      </table>
      {many && (
        <button type="button" className={classes.more} onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show all ${filled.length}`}
        </button>
      )}
    </TableFrame>
  );
}

function Cell({ micros, total }: { micros: number; total: PacingTotal }) {
  return (
    <td title={total.currency ? exactMoney(micros, total.currency) : undefined}>
      {amount(micros)}
    </td>
  );
}
