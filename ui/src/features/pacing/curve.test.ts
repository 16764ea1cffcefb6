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

const NOWHERE = {
  projected_end_micros: null,
  projected_low_micros: null,
  projected_high_micros: null,
};

it("draws what is supposed beside what is, over the days of both", () => {
  const days = [dayOf("2026-11-01", 90, 90), dayOf("2026-11-02", 70, 160)];
  const longer = [...plan, { date: "2026-11-05", cumulative_micros: 500 }];
  const supposed = { plan: longer, projected_end_micros: 460 };
  const row = { days_elapsed: 2, ...NOWHERE, projected_end_micros: 320 };
  const curve = curveOf({ row, days, plan }, supposed);
  expect(curve?.dates.at(-1)).toBe("2026-11-05");
  expect(curve?.plan).toEqual([120, 240, 360, 400, null]);
  expect(curve?.projection).toEqual([null, 160, 240, 320, null]);
  expect(curve?.supposed).toEqual([null, 240, 360, 400, 500]);
  expect(curve?.supposedProjection).toEqual([null, 160, 260, 360, 460]);
});

it("draws the whole flight: actual so far, the cell's plan, projection from the last complete day", () => {
  const days = [dayOf("2026-11-01", 90, 90), dayOf("2026-11-02", 70, 160, true)];
  const row = {
    days_elapsed: 2,
    projected_end_micros: 320,
    projected_low_micros: 300,
    projected_high_micros: 340,
  };
  expect(curveOf({ row, days, plan })).toEqual({
    dates: ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"],
    daily: [90, 70, null, null],
    actual: [90, 160, null, null],
    plan: [120, 240, 360, 400],
    projection: [null, 160, 240, 320],
    low: [null, 160, 230, 300],
    high: [null, 160, 250, 340],
    supposed: null,
    supposedProjection: null,
    provisional: ["2026-11-02", "2026-11-02"],
  });
});

it("never draws a day that is not complete", () => {
  const days = [dayOf("2026-11-01", 90, 90), dayOf("2026-11-02", 5, 95, true)];
  const curve = curveOf({ row: { days_elapsed: 1, ...NOWHERE }, days, plan });
  expect(curve?.actual).toEqual([90, null, null, null]);
  expect(curve?.provisional).toBeNull();
});

it("projects nothing before the first day and after the last", () => {
  const at = (days_elapsed: number) =>
    curveOf({ row: { days_elapsed, ...NOWHERE, projected_end_micros: 1 }, days: [], plan })
      ?.projection;
  expect(at(0)).toEqual([null, null, null, null]);
  expect(at(4)).toEqual([null, null, null, null]);
});

it("there is nothing to draw without a plan", () => {
  const row = { days_elapsed: 0, ...NOWHERE };
  expect(curveOf({ row, days: [], plan: [] })).toBeNull();
});
