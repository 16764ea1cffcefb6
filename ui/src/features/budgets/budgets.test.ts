import { expect, it } from "vitest";
import { changeWords, fromField, problemOf, resourceOf, toField } from "./resources.ts";

it("fields speak in units that people think in", () => {
  expect(toField(2_500_000, "bytes")).toBe("2.5");
  expect(fromField("2.5", "bytes")).toBe(2_500_000);
  expect(fromField(" ", "bytes")).toBeNull();
  expect(fromField("a lot", "calls")).toBeUndefined();
  expect(fromField("-1", "calls")).toBeUndefined();
  expect(resourceOf("cost_micros_usd").words(1_250_000)).toBe("$1.25");
});

it("a warning comes before its limit", () => {
  expect(problemOf({ soft: "80", hard: "100" }, "calls")).toBeNull();
  expect(problemOf({ soft: "120", hard: "100" }, "calls")).toMatch(/after the limit/);
  expect(problemOf({ soft: "", hard: "x" }, "calls")).toMatch(/A number/);
});

it("a resource it does not know is shown as it is", () => {
  expect(resourceOf("credits").label).toBe("credits");
});

it("a change names each number that is another one", () => {
  const none = { soft: null, hard: null };
  expect(changeWords({ resource: "calls", before: none, after: { soft: 400, hard: 500 } })).toEqual(
    ["API calls: warning none → 400", "API calls: limit none → 500"],
  );
  expect(
    changeWords({ resource: "bytes", before: { hard: 2_000_000 }, after: { hard: null } }),
  ).toEqual(["Size: limit 2 MB → none"]);
  expect(changeWords({ resource: "rows", before: none, after: {} })).toEqual([]);
});
