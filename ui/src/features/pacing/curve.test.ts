import { expect, it } from "vitest";
import { curveOf } from "./curve.ts";

const segment = { start: "2026-11-01", end: "2026-11-04", budget_micros: 400, description: "" };
const dayOf = (date: string, spend: number, cumulative: number, provisional = false, plan = 0) => ({
  date,
  spend_micros: spend,
  cumulative_micros: cumulative,
  plan_cumulative_micros: plan,
  provisional,
});

it("draws the whole flight: actual so far, plan to the end, projection from the last complete day", () => {
  const curve = curveOf({ segment, days_elapsed: 2, projected_end_micros: 320 }, [
    dayOf("2026-11-01", 90, 90, false, 100),
    dayOf("2026-11-02", 70, 160, true, 200),
  ]);
  expect(curve).toEqual({
    dates: ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"],
    daily: [90, 70, null, null],
    actual: [90, 160, null, null],
    plan: [100, 200, 300, 400],
    projection: [null, 160, 240, 320],
    provisional: ["2026-11-02", "2026-11-02"],
  });
});

it("never draws a day that is not complete", () => {
  const curve = curveOf({ segment, days_elapsed: 1, projected_end_micros: null }, [
    dayOf("2026-11-01", 90, 90),
    dayOf("2026-11-02", 5, 95, true),
  ]);
  expect(curve?.actual).toEqual([90, null, null, null]);
  expect(curve?.provisional).toBeNull();
});

it("projects nothing before the first day and after the last", () => {
  const at = (days_elapsed: number) =>
    curveOf({ segment, days_elapsed, projected_end_micros: 1 }, [])?.projection;
  expect(at(0)).toEqual([null, null, null, null]);
  expect(at(4)).toEqual([null, null, null, null]);
  expect(curveOf({ segment: null, days_elapsed: 0, projected_end_micros: null }, [])).toBeNull();
});

it("a plan that runs ahead goes on at its own rate and stops at the budget", () => {
  const curve = curveOf({ segment, days_elapsed: 2, projected_end_micros: null }, [
    dayOf("2026-11-01", 90, 90, false, 120),
    dayOf("2026-11-02", 70, 160, true, 240),
  ]);
  expect(curve?.plan).toEqual([120, 240, 360, 400]);
});
