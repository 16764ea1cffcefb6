import { expect, it } from "vitest";
import { curveOf } from "./curve.ts";

const dayOf = (date: string, spend: number, cumulative: number, provisional = false) => ({
  date,
  spend_micros: spend,
  cumulative_micros: cumulative,
  plan_cumulative_micros: 0,
  provisional,
});
const plan = [120, 240, 360, 400].map((cumulative_micros, index) => ({
  date: `2026-11-0${index + 1}`,
  cumulative_micros,
}));

it("draws the whole flight: actual so far, the cell's plan, projection from the last complete day", () => {
  const days = [dayOf("2026-11-01", 90, 90), dayOf("2026-11-02", 70, 160, true)];
  const row = { days_elapsed: 2, projected_end_micros: 320 };
  expect(curveOf({ row, days, plan })).toEqual({
    dates: ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"],
    daily: [90, 70, null, null],
    actual: [90, 160, null, null],
    plan: [120, 240, 360, 400],
    projection: [null, 160, 240, 320],
    provisional: ["2026-11-02", "2026-11-02"],
  });
});

it("never draws a day that is not complete", () => {
  const days = [dayOf("2026-11-01", 90, 90), dayOf("2026-11-02", 5, 95, true)];
  const curve = curveOf({ row: { days_elapsed: 1, projected_end_micros: null }, days, plan });
  expect(curve?.actual).toEqual([90, null, null, null]);
  expect(curve?.provisional).toBeNull();
});

it("projects nothing before the first day and after the last", () => {
  const at = (days_elapsed: number) =>
    curveOf({ row: { days_elapsed, projected_end_micros: 1 }, days: [], plan })?.projection;
  expect(at(0)).toEqual([null, null, null, null]);
  expect(at(4)).toEqual([null, null, null, null]);
});

it("there is nothing to draw without a plan", () => {
  const row = { days_elapsed: 0, projected_end_micros: null };
  expect(curveOf({ row, days: [], plan: [] })).toBeNull();
});
