// The delivery curve as plain series: what the chart draws, and what can be tested without it.
import type { PacingDay, PacingRow } from "../../api/types.ts";
import { addDays, daysBetween } from "../../lib/dates.ts";

export type Curve = {
  dates: string[];
  daily: (number | null)[];
  actual: (number | null)[];
  plan: (number | null)[];
  projection: (number | null)[];
  /** First and last provisional day, both included. */
  provisional: [string, string] | null;
};

type Row = Pick<PacingRow, "segment" | "days_elapsed" | "projected_end_micros">;

export function curveOf(row: Row, days: readonly PacingDay[]): Curve | null {
  const { segment } = row;
  if (segment == null) return null;
  const length = daysBetween(segment.start, segment.end) + 1;
  const dates = Array.from({ length }, (_, index) => addDays(segment.start, index));
  const byDate = new Map(days.map((day) => [day.date, day]));
  const lastActual = Math.min(row.days_elapsed, length) - 1;
  const complete = <T>(pick: (day: PacingDay) => T) =>
    dates.map((date, index) => {
      const day = byDate.get(date);
      return day && index <= lastActual ? pick(day) : null;
    });
  const actual = complete((day) => day.cumulative_micros);
  const provisional = dates.filter(
    (date, index) => index <= lastActual && byDate.get(date)?.provisional,
  );
  const [firstProvisional] = provisional;
  const lastProvisional = provisional.at(-1);
  return {
    dates,
    daily: complete((day) => day.spend_micros),
    actual,
    plan: planOf(dates, byDate, segment.budget_micros),
    projection: projectionOf(row, actual, lastActual),
    provisional: firstProvisional && lastProvisional ? [firstProvisional, lastProvisional] : null,
  };
}

/**
 * The plan to the end of the flight. The cell says what it wanted on each complete day; from there
 * it goes on at its own rate, which is not even for every pacing type, until the budget is reached.
 */
function planOf(dates: string[], byDate: Map<string, PacingDay>, budget: number): number[] {
  let rate = budget / dates.length;
  return dates.map((date, index) => {
    const known = byDate.get(date)?.plan_cumulative_micros;
    if (known !== undefined) rate = known / (index + 1);
    return known ?? Math.min(budget, rate * (index + 1));
  });
}

/** A straight line from the last complete day to the projected end; nothing once it is over. */
function projectionOf(row: Row, actual: (number | null)[], lastActual: number) {
  const from = actual[lastActual] ?? 0;
  const end = actual.length - 1;
  const target = row.projected_end_micros;
  return actual.map((_, index) =>
    target == null || lastActual < 0 || lastActual >= end || index < lastActual
      ? null
      : from + ((target - from) * (index - lastActual)) / (end - lastActual),
  );
}
