import { expect, it } from "vitest";
import { driftWords } from "./drifts.ts";

it("says what differs and what became of it", () => {
  const action = "quarantine";
  expect(
    driftWords({ column: "revenue", action, change: "renamed_suspected", header: "Revenue (EUR)" }),
  ).toBe("“Revenue (EUR)” stands where revenue is expected; it may be the same under a new name.");
  expect(driftWords({ column: "Views", action: "evolve", change: "new" })).toBe(
    "“Views” is new; it is kept.",
  );
  expect(driftWords({ column: "clicks", action: "freeze", change: "missing" })).toBe(
    "clicks is missing; it is empty.",
  );
  expect(
    driftWords({ column: "clicks", action, change: "retyped", cells: 1, line: 7, text: "n/a" }),
  ).toBe("clicks has 1 cell of another type, such as “n/a” on line 7; the file was stopped.");
});
