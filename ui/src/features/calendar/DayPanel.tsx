// What is known of one day of one advertiser, and what can be done about it.
import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import type { CalendarDay, CalendarRow } from "../../api/types.ts";
import { day, dayRange, instant, plural } from "../../lib/dates.ts";
import { type Run, runAround } from "../../lib/day-runs.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { Fact, Facts } from "../../ui/Facts.tsx";
import classes from "./CalendarPage.module.css";
import { DAY_MEANING, DAY_STATUS } from "./day-states.ts";

type Props = {
  row: CalendarRow | undefined;
  date: string | undefined;
  onClose: () => void;
  /** For the day, and for the run of days in the same state around it. */
  actions: (day: CalendarDay, run: Run<CalendarDay>) => ReactNode;
};

export function DayPanel({ row, date, onClose, actions }: Props) {
  const run = row && date ? runAround(row.days, date) : undefined;
  const found = run?.days.find((item) => item.date === date);
  return (
    <Drawer
      opened={row !== undefined && date !== undefined}
      onClose={onClose}
      position="right"
      size={440}
      title={date && day(date)}
    >
      {row && (
        <div className={classes.panel}>
          {found && run ? (
            <>
              <div className="row">
                <Chip status={DAY_STATUS[found.state]} />
                {run.days.length > 1 && (
                  <span className="small quieter">
                    {plural(run.days.length, "day")} like this, {dayRange(run.start, run.end)}
                  </span>
                )}
              </div>
              <p className={classes.meaning}>{DAY_MEANING[found.state]}</p>
            </>
          ) : (
            <p className={classes.meaning}>Nothing is known of this day.</p>
          )}
          <Facts>
            <Fact label="Advertiser">
              {row.name} <CopyText text={row.advertiser_id} what="advertiser id" />
            </Fact>
            {row.time_zone && <Fact label="Time zone">{row.time_zone}</Fact>}
            <Fact label="Rows">
              <span className="num">{count(found?.rows)}</span>
            </Fact>
            <Fact label="Read">
              {found?.loaded_at ? instant(found.loaded_at) : "Not yet"}
              {found?.loaded_by && (
                <>
                  {" · "}
                  <AppLink to={org.sync(found.loaded_by)}>How</AppLink>
                </>
              )}
            </Fact>
            {found?.reported_at && (
              <Fact label="Made at the source">{instant(found.reported_at)}</Fact>
            )}
          </Facts>
          {found && run && actions(found, run)}
        </div>
      )}
    </Drawer>
  );
}
