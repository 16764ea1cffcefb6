// The days that need a person, neighbouring ones taken together; what the heat map shows, as text.
import type { ReactNode } from "react";
import type { CalendarDay, CalendarRow } from "../../api/types.ts";
import { dayRange, plural } from "../../lib/dates.ts";
import { type Run, runsOf } from "../../lib/day-runs.ts";
import { Chip } from "../../ui/Chip.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./CalendarPage.module.css";
import { CONCERNS, DAY_STATUS } from "./day-states.ts";

export type Gap = { row: CalendarRow; run: Run<CalendarDay> };

const SHOWN = 50;

type Props = {
  rows: readonly CalendarRow[];
  /** What can be done about one of them. */
  action: (gap: Gap) => ReactNode;
};

export function GapsTable({ rows, action }: Props) {
  const gaps = gapsOf(rows);
  return (
    <section className={classes.section} aria-labelledby="gaps">
      <h2 id="gaps">
        Needs a look <span className="quieter">{gaps.length}</span>
      </h2>
      {gaps.length === 0 ? (
        <p className="quiet">No day in this range is missing, late or in quarantine.</p>
      ) : (
        <TableFrame label="Needs a look, table">
          <table className={table.table}>
            <thead>
              <tr>
                <th>Advertiser</th>
                <th>Days</th>
                <th className={classes.wide}>State</th>
                <th data-num className={classes.wide}>
                  Count
                </th>
                <th aria-label="Action" />
              </tr>
            </thead>
            <tbody>
              {gaps.slice(0, SHOWN).map((gap) => (
                <tr key={`${gap.row.advertiser_id} ${gap.run.start}`}>
                  <td className={classes.who}>
                    <span className={table.name}>{gap.row.name}</span>
                  </td>
                  <td className="num">
                    {dayRange(gap.run.start, gap.run.end)}
                    <span className={classes.stacked}>
                      <Chip status={DAY_STATUS[gap.run.state]} />
                    </span>
                  </td>
                  <td className={classes.wide}>
                    <Chip status={DAY_STATUS[gap.run.state]} />
                  </td>
                  <td data-num className={classes.wide}>
                    {gap.run.days.length}
                  </td>
                  <td className={classes.act}>{action(gap)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {gaps.length > SHOWN && (
        <p className="small quieter">
          The {SHOWN} latest are listed; {plural(gaps.length - SHOWN, "more")} in the calendar
          above.
        </p>
      )}
    </section>
  );
}

/** The latest first, and what is worst first among those of one day. */
export function gapsOf(rows: readonly CalendarRow[]): Gap[] {
  const gaps = rows.flatMap((row) =>
    runsOf(row.days)
      .filter((run) => CONCERNS.includes(run.state))
      .map((run) => ({ row, run })),
  );
  return gaps.sort(
    (a, b) =>
      b.run.end.localeCompare(a.run.end) ||
      CONCERNS.indexOf(a.run.state) - CONCERNS.indexOf(b.run.state),
  );
}
