// What can be done about a day: the file behind it, or reading it again.
import { Button } from "@mantine/core";
import type { CalendarDay } from "../../api/types.ts";
import { plural } from "../../lib/dates.ts";
import type { Run } from "../../lib/day-runs.ts";
import { org } from "../../lib/paths.ts";
import { useGo } from "../../ui/AppLink.tsx";
import classes from "./CalendarPage.module.css";

type Props = {
  day: CalendarDay;
  run: Run<CalendarDay>;
  /** Where a backfill of these days begins, for those who may start one. */
  backfill: ((days: { start: string; end: string }) => string) | undefined;
};

export function DayActions({ day, run, backfill }: Props) {
  const go = useGo();
  const several = run.days.length > 1;
  return (
    <div className={classes.actions}>
      {day.state === "quarantined" && (
        <Button onClick={() => go(day.sync_id ? org.quarantined(day.sync_id) : org.quarantine())}>
          See the file
        </Button>
      )}
      {backfill && several && day.state !== "complete" && (
        <Button
          variant={day.state === "quarantined" ? "default" : "filled"}
          onClick={() => go(backfill(run))}
        >
          Backfill these {plural(run.days.length, "day")}
        </Button>
      )}
      {backfill && (
        <Button variant="default" onClick={() => go(backfill({ start: day.date, end: day.date }))}>
          {several ? "Backfill only this day" : "Backfill this day"}
        </Button>
      )}
    </div>
  );
}
