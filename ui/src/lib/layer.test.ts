import { expect, it } from "vitest";
import { layerOf, pathInText } from "./layer.ts";

const shipped = {
  pipeline: "days",
  window: { first_days: 90, look_back_days: 7 },
  quality: [{ check: "not_null", column: "date" }],
  columns: [
    { name: "date", headers: ["Date"], kind: "date" },
    { name: "clicks", headers: ["Clicks"], kind: "count", required: false },
  ],
};
const edited = (change: object) => ({ ...structuredClone(shipped), ...change });

it("nothing changed is no layer", () => {
  expect(layerOf(shipped, structuredClone(shipped))).toBeNull();
  expect(layerOf(shipped, edited({ columns: shipped.columns.toReversed() }))).toBeNull();
});

it("holds only what differs", () => {
  expect(layerOf(shipped, edited({ window: { first_days: 30, look_back_days: 7 } }))).toEqual({
    window: { first_days: 30 },
  });
  expect(layerOf(shipped, edited({ title: "Mine" }))).toEqual({ title: "Mine" });
});

it("what is taken away, or set to null, is taken away", () => {
  const { quality: _, ...without } = structuredClone(shipped);
  expect(layerOf(shipped, without)).toEqual({ quality: null });
  expect(layerOf(shipped, edited({ quality: null }))).toEqual({ quality: null });
});

it("columns are changed, added and removed by name", () => {
  const [date] = structuredClone(shipped.columns);
  const columns = [
    { ...date, headers: ["Date", "Day"] },
    { name: "views", headers: ["Views"] },
  ];
  expect(layerOf(shipped, edited({ columns }))).toEqual({
    columns: [
      { name: "date", headers: ["Date", "Day"] },
      { name: "views", headers: ["Views"] },
      { name: "clicks", remove: true },
    ],
  });
});

it("a pipeline of one's own is its layer", () => {
  expect(layerOf(null, { pipeline: "mine" })).toEqual({ pipeline: "mine" });
  expect(layerOf(shipped, "text")).toBeNull();
});

it("finds the column that a path of the merged spec means", () => {
  const columns = [{ name: "views" }, { name: "clicks" }, { name: "date" }];
  const at = (path: string) => pathInText(path, shipped, { columns });
  expect(at("/columns/0/kind")).toBe("/columns/2/kind");
  expect(at("/columns/2")).toBe("/columns/0");
  expect(at("/columns/9/kind")).toBe("/columns/9/kind");
  expect(at("/window")).toBe("/window");
});
