// The delivery curve as plain series: what the chart draws, and what can be tested without it.
import type { PacingDetail, PacingRow, PacingSupposed } from "../../api/types.ts";

type Values = (number | null)[];

export type Curve = {
  dates: string[];
  daily: Values;
  actual: Values;
  plan: Values;
  projection: Values;
  /** Between the lowest and the highest projection. */
  low: Values;
  high: Values;
  /** A plan that nobody has made, and where it would end. */
  supposed: Values | null;
  supposedProjection: Values | null;
  /** First and last provisional day, both included. */
  provisional: [string, string] | null;
};

type Row = Pick<
  PacingRow,
  "days_elapsed" | "projected_end_micros" | "projected_low_micros" | "projected_high_micros"
>;
type Detail = Pick<PacingDetail, "days" | "plan"> & { row: Row };
type PacingDay = PacingDetail["days"][number];
type Supposed = Pick<PacingSupposed, "plan" | "projected_end_micros">;

export function curveOf({ row, days, plan }: Detail, supposed?: Supposed): Curve | null {
  if (plan.length === 0) return null;
  const dates = [...new Set([...plan, ...(supposed?.plan ?? [])].map((day) => day.date))].sort();
  const byDate = new Map(days.map((day) => [day.date, day]));
  const lastActual = Math.min(row.days_elapsed, plan.length) - 1;
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
  const to = (target: number | null | undefined, length = plan.length) =>
    straight(actual, lastActual, length - 1, target);
  return {
    dates,
    daily: complete((day) => day.spend_micros),
    actual,
    plan: along(dates, plan),
    projection: to(row.projected_end_micros),
    low: to(row.projected_low_micros),
    high: to(row.projected_high_micros),
    supposed: supposed ? along(dates, supposed.plan, lastActual) : null,
    supposedProjection: supposed ? to(supposed.projected_end_micros, supposed.plan.length) : null,
    provisional: firstProvisional && lastProvisional ? [firstProvisional, lastProvisional] : null,
  };
}

function along(dates: readonly string[], plan: PacingDetail["plan"], from = 0): Values {
  const byDate = new Map(plan.map((day) => [day.date, day.cumulative_micros]));
  return dates.map((date, index) => (index < from ? null : (byDate.get(date) ?? null)));
}

/** A straight line from the last complete day to the end; nothing once it is over. */
function straight(
  actual: Values,
  lastActual: number,
  end: number,
  target: number | null | undefined,
): Values {
  const from = actual[lastActual] ?? 0;
  return actual.map((_, index) =>
    target == null || lastActual < 0 || lastActual >= end || index < lastActual || index > end
      ? null
      : from + ((target - from) * (index - lastActual)) / (end - lastActual),
  );
}
