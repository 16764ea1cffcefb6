// Neighbouring days in the same state, taken together: "missing, 3 – 9 Nov".
import { addDays } from "./dates.ts";

export type Stated = { date: string; state: string };
export type Run<T extends Stated> = {
  state: T["state"];
  start: string;
  end: string;
  days: T[];
};

/** The days are in order; a day that is left out ends a run. */
export function runsOf<T extends Stated>(days: readonly T[]): Run<T>[] {
  const runs: Run<T>[] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last && last.state === day.state && addDays(last.end, 1) === day.date) {
      last.end = day.date;
      last.days.push(day);
    } else {
      runs.push({ state: day.state, start: day.date, end: day.date, days: [day] });
    }
  }
  return runs;
}

export function runAround<T extends Stated>(days: readonly T[], date: string): Run<T> | undefined {
  return runsOf(days).find((run) => run.start <= date && date <= run.end);
}

export function daysFrom(start: string, end: string): string[] {
  const days: string[] = [];
  for (let day = start; day <= end; day = addDays(day, 1)) days.push(day);
  return days;
}
