import { expect, it } from "vitest";
import { prettyJson } from "./json-pretty.ts";

it("keeps on one line what fits on it", () => {
  const spec = {
    title: "Days",
    window: { first_days: 90, look_back_days: 7 },
    columns: [{ name: "date", headers: ["Date", "Day"] }, { name: "clicks" }],
    filters: [],
  };
  expect(prettyJson(spec)).toBe(`{
  "title": "Days",
  "window": { "first_days": 90, "look_back_days": 7 },
  "columns": [
    { "name": "date", "headers": ["Date", "Day"] },
    { "name": "clicks" }
  ],
  "filters": []
}`);
});

it("fills the lines of an entry that is too long for one", () => {
  const column = { name: "partner_id", headers: ["Partner ID"], role: "dimension", kind: "id" };
  expect(prettyJson({ columns: [column] }, 60)).toBe(`{
  "columns": [
    { "name": "partner_id", "headers": ["Partner ID"],
      "role": "dimension", "kind": "id" }
  ]
}`);
});

it("breaks up what is too long, and changes nothing", () => {
  const value = { list: ["a long text", "another long text"], nested: { deep: { er: null } } };
  const text = prettyJson(value, 30);
  expect(text.split("\n").every((line) => line.length <= 34)).toBe(true);
  expect(JSON.parse(text)).toEqual(value);
  expect(prettyJson({})).toBe("{}");
});
