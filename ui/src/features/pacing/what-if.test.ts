import { expect, it } from "vitest";
import { isSupposed, parseWhatIf, roomAbove, whatIfSearch } from "./what-if.ts";

it("comes back from the address as it went in", () => {
  const wish = { budget_micros: 12_000_000, end_date: "2026-12-24", per_day_micros: 0 };
  const search = whatIfSearch(wish);
  expect(search).toEqual({ budget: "12000000", end: "2026-12-24", rate: "0" });
  expect(parseWhatIf(search as Record<string, string>)).toEqual(wish);
});

it("what makes no sense is nothing", () => {
  expect(parseWhatIf({ budget: "-1", end: "soon", rate: "1e9" })).toEqual({});
  expect(isSupposed(parseWhatIf({}))).toBe(false);
});

it("a slider ends at a round number with room", () => {
  expect(roomAbove(30_000)).toBe(60_000);
  expect(roomAbove(1_234)).toBe(3_000);
  expect(roomAbove(0)).toBe(10);
});
