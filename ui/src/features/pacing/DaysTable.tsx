// The table behind the chart: the same days, as figures.
import type { PacingDay, PacingRow } from "../../api/types.ts";
import { day } from "../../lib/dates.ts";
import { amount, exactMoney } from "../../lib/money.ts";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import lineage from "./LineagePanel.module.css";
import classes from "./OrderPage.module.css";
import { countsImpressions, doneWord, unitOf } from "./words.ts";

type Props = {
  days: readonly PacingDay[];
  row: PacingRow;
  /** A day's figure opens to where it came from. */
  onLineage: (date: string) => void;
};

export function DaysTable({ days, row, onLineage }: Props) {
  const unit = unitOf(row);
  const money = (micros: number) => (
    <td data-num title={countsImpressions(row) ? undefined : exactMoney(micros, row.currency)}>
      {amount(micros)}
    </td>
  );
  return (
    <details className={classes.days}>
      <summary>Show the days as a table</summary>
      <TableFrame label="Days, table" className={classes.daysFrame}>
        <table className={table.table}>
          <caption className="sr-only">Delivery by day, in {unit}</caption>
          <thead>
            <tr>
              <th>Day</th>
              <th data-num>
                {doneWord(row)} ({unit})
              </th>
              <th data-num>{doneWord(row)} to date</th>
              <th data-num>Plan to date</th>
              <th data-num>Difference</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            {days.map((item) => (
              <tr key={item.date}>
                <td className="num">{day(item.date)}</td>
                <td data-num title="Where it came from">
                  <button
                    type="button"
                    className={lineage.from}
                    onClick={() => onLineage(item.date)}
                    aria-label={`${amount(item.spend_micros)}, where it came from`}
                  >
                    {amount(item.spend_micros)}
                  </button>
                </td>
                {money(item.cumulative_micros)}
                {money(item.plan_cumulative_micros)}
                {money(item.cumulative_micros - item.plan_cumulative_micros)}
                <td className="quiet">{item.provisional ? "Provisional" : "Final"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </details>
  );
}
