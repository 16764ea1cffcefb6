// The delivery curve as plain series: what the chart draws, and what can be tested without it.
import type { PacingDetail, PacingRow } from "../../api/types.ts";

export type Curve = {
  dates: string[];
  daily: (number | null)[];
  actual: (number | null)[];
  plan: number[];
  projection: (number | null)[];
  /** First and last provisional day, both included. */
  provisional: [string, string] | null;
};

type Row = Pick<PacingRow, "days_elapsed" | "projected_end_micros">;
type Detail = Pick<PacingDetail, "days" | "plan"> & { row: Row };
type PacingDay = PacingDetail["days"][number];

export function curveOf({ row, days, plan }: Detail): Curve | null {
  if (plan.length === 0) return null;
  const dates = plan.map((day) => day.date);
  const byDate = new Map(days.map((day) => [day.date, day]));
  const lastActual = Math.min(row.days_elapsed, dates.length) - 1;
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
    plan: plan.map((day) => day.cumulative_micros),
    projection: projectionOf(row, actual, lastActual),
    provisional: firstProvisional && lastProvisional ? [firstProvisional, lastProvisional] : null,
  };
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
