import { expect, it } from "vitest";
import { bytes } from "./bytes.ts";
import { daysFrom, runAround, runsOf } from "./day-runs.ts";

const day = (date: string, state: string) => ({ date, state });

it("neighbouring days in one state are one run", () => {
  const days = [
    day("2026-10-31", "missing"),
    day("2026-11-01", "missing"),
    day("2026-11-02", "complete"),
    day("2026-11-04", "complete"),
  ];
  expect(runsOf(days).map(({ state, start, end }) => [state, start, end])).toEqual([
    ["missing", "2026-10-31", "2026-11-01"],
    ["complete", "2026-11-02", "2026-11-02"],
    ["complete", "2026-11-04", "2026-11-04"],
  ]);
  expect(runAround(days, "2026-11-01")?.days).toHaveLength(2);
  expect(runAround(days, "2026-11-03")).toBeUndefined();
});

it("counts days over the end of a month and a leap day", () => {
  expect(daysFrom("2028-02-28", "2028-03-01")).toEqual(["2028-02-28", "2028-02-29", "2028-03-01"]);
  expect(daysFrom("2026-11-02", "2026-11-01")).toEqual([]);
});

it("sizes are short and say their unit", () => {
  expect(bytes(0, "en")).toBe("0 B");
  expect(bytes(999, "en")).toBe("999 B");
  expect(bytes(1_540, "en")).toBe("1.5 kB");
  expect(bytes(228_000_000, "en")).toBe("228 MB");
  expect(bytes(null, "en")).toBe("–");
});
