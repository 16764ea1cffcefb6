import { expect, it } from "vitest";
import { fromField, problemOf, resourceOf, toField } from "./resources.ts";

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
