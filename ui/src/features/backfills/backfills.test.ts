import { expect, it } from "vitest";
import { needsOf } from "./needs.ts";
import { problemOf, wishOf, withDefaults } from "./wish.ts";

const now = new Date("2026-11-23T10:00:00Z");

it("asks for the last week of the first connection unless told otherwise", () => {
  const form = withDefaults({}, ["conn_1", "conn_2"], ["days"], now);
  expect(form).toEqual({
    connection: "conn_1",
    pipeline: "days",
    start: "2026-11-16",
    end: "2026-11-22",
  });
  expect(withDefaults({ start: "x", end: "2026-10-31" }, [], [], now)).toEqual({
    connection: "",
    pipeline: "",
    start: "2026-10-25",
    end: "2026-10-31",
  });
});

it("only a whole wish with days in order is forecast", () => {
  const form = withDefaults({}, ["conn_1"], ["days"], now);
  expect(wishOf(form)).toEqual({
    connection_id: "conn_1",
    pipeline: "days",
    start: "2026-11-16",
    end: "2026-11-22",
  });
  expect(wishOf({ ...form, connection: "" })).toBeNull();
  expect(problemOf({ start: "2026-11-23", end: "2026-11-22" }, now)).toMatch(/before the first/);
  expect(problemOf({ start: "2026-11-23", end: "2026-11-24" }, now)).toMatch(/not come yet/);
});

it("a need that is more than what is left says so", () => {
  const needs = needsOf({
    calls: 38,
    reports: 4,
    rows: 124_000,
    bytes: 18_000_000,
    minutes: 42,
    cost_micros_usd: 120_000,
    budget_left: { calls: 30, rows: 676_000, bytes: null },
    warnings: [],
  });
  const calls = needs.find(({ key }) => key === "calls");
  expect(calls).toMatchObject({ value: "38", over: true, note: "30 left" });
  expect(needs.find(({ key }) => key === "rows")).toMatchObject({ over: false });
  expect(needs.find(({ key }) => key === "bytes")?.note).toBeUndefined();
  expect(needs.find(({ key }) => key === "cost")?.value).toBe("$0.12");
});
