import type { PacingRow, SegmentPacing } from "../../api/types.ts";
import { day, dayRange } from "../../lib/dates.ts";
import { amount, decimal } from "../../lib/money.ts";
import { Chip, PACING } from "../../ui/Chip.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./OrderPage.module.css";
import { doneWord, exactText, unitOf } from "./words.ts";

type Props = { segments: readonly SegmentPacing[]; row: PacingRow };

export function SegmentsTable({ segments, row }: Props) {
  if (segments.length === 0) return null;
  const unit = unitOf(row);
  return (
    <section className={classes.section} aria-labelledby="segments">
      <h2 id="segments">Budget segments</h2>
      <TableFrame label="Budget segments, table">
        <table className={table.table}>
          <thead>
            <tr>
              <th>Flight</th>
              <th>Status</th>
              <th data-num>Pacing (%)</th>
              <th data-num>Budget ({unit})</th>
              <th data-num>
                {doneWord(row)} ({unit})
              </th>
              <th data-num>Expected ({unit})</th>
              <th data-num>Remaining ({unit})</th>
              <th data-num>Days</th>
            </tr>
          </thead>
          <tbody>
            {segments.map((segment) => (
              <tr key={`${segment.start_date} ${segment.end_date}`}>
                <td>
                  <span className="num">{dayRange(segment.start_date, segment.end_date)}</span>
                  {segment.description && <span className={table.sub}> {segment.description}</span>}
                  {segment.edits.length > 1 && <Edits segment={segment} row={row} />}
                </td>
                <td>
                  <Chip status={PACING[segment.status]} />
                </td>
                <td data-num>{decimal(segment.pacing_percent)}</td>
                <td data-num>{amount(segment.budget_micros)}</td>
                <td data-num>{amount(segment.spend_micros)}</td>
                <td data-num>{amount(segment.expected_micros)}</td>
                <td data-num>{amount(segment.remaining_micros)}</td>
                <td data-num className="quiet">
                  {segment.days_elapsed} / {segment.days_total}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

/** From which day on which budget held: expected follows the plan that was in force. */
function Edits({ segment, row }: { segment: SegmentPacing; row: PacingRow }) {
  return (
    <ul className={classes.edits} aria-label="Changes of the budget">
      {segment.edits.map((edit, index) => (
        <li key={edit.from}>
          {index === 0 ? "Began with " : `From ${day(edit.from)} `}
          {exactText(edit.budget_micros, row)} until {day(edit.end_date)}
        </li>
      ))}
    </ul>
  );
}
