import { expect, it } from "vitest";
import { changesBetween, isSame } from "./json-changes.ts";

it("names each value that differs, with what it was and is", () => {
  const before = { window: { first_days: 90, look_back_days: 7 }, title: "Days" };
  const after = { window: { first_days: 60, look_back_days: 7 }, title: "Days", note: "x" };
  expect(changesBetween(before, after)).toEqual([
    { path: "/window/first_days", before: 90, after: 60 },
    { path: "/note", after: "x" },
  ]);
});

it("columns are compared by name, not by place", () => {
  const before = [{ name: "date" }, { name: "clicks", required: true }];
  const after = [{ name: "views" }, { name: "clicks", required: false }, { name: "date" }];
  expect(changesBetween({ columns: before }, { columns: after })).toEqual([
    { path: "/columns/clicks/required", before: true, after: false },
    { path: "/columns/views", after: { name: "views" } },
  ]);
});

it("a new order alone is one change", () => {
  expect(changesBetween([{ name: "a" }, { name: "b" }], [{ name: "b" }, { name: "a" }])).toEqual([
    { path: "", before: ["a", "b"], after: ["b", "a"] },
  ]);
});

it("plain lists are one value", () => {
  expect(changesBetween({ headers: ["A"] }, { headers: ["A", "B"] })).toEqual([
    { path: "/headers", before: ["A"], after: ["A", "B"] },
  ]);
});

it("the order of keys makes no difference", () => {
  expect(isSame({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
  expect(isSame({ a: undefined }, {})).toBe(false);
});
