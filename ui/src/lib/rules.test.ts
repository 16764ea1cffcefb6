import { expect, it } from "vitest";
import { connectProblem } from "./connect-problems.ts";
import { KeyRing, newKey } from "./idempotency.ts";
import { can } from "./permissions.ts";
import { parseSearch, stringifySearch } from "./search.ts";
import { slugFrom } from "./slug.ts";

it("a key is visible ASCII and of allowed length", () => {
  expect(newKey()).toMatch(/^[!-~]{1,128}$/);
  expect(newKey()).not.toBe(newKey());
});

it("a key stays with its intent until the outcome is known", () => {
  const ring = new KeyRing();
  const first = ring.keyFor({ name: "Acme" });
  expect(ring.keyFor({ name: "Acme" })).toBe(first);
  ring.settle("unknown");
  expect(ring.keyFor({ name: "Acme" })).toBe(first);
  ring.settle("refused");
  expect(ring.keyFor({ name: "Acme" })).not.toBe(first);
});

it("another input is another intent", () => {
  const ring = new KeyRing();
  expect(ring.keyFor({ name: "Acme" })).not.toBe(ring.keyFor({ name: "Apex" }));
});

it("an address is proposed from the name", () => {
  expect(slugFrom("Müller & Söhne GmbH")).toBe("muller-and-sohne-gmbh");
  expect(slugFrom("  --  ")).toBe("");
  expect(slugFrom("x".repeat(50))).toHaveLength(32);
});

it("search parameters stay text, so ids keep their digits", () => {
  expect(parseSearch("?advertiser=0012&search=a%26b")).toEqual({
    advertiser: "0012",
    search: "a&b",
  });
  expect(stringifySearch({ advertiser: "0012", none: undefined, empty: "" })).toBe(
    "?advertiser=0012",
  );
});

it("roles offer what they may do", () => {
  expect(can("admin", "manage connections")).toBe(true);
  expect(can("analyst", "manage connections")).toBe(false);
  expect(can("analyst", "start sync")).toBe(true);
  expect(can("viewer", "start sync")).toBe(false);
});

it("every problem of the consent journey says what to do", () => {
  expect(connectProblem("consent_denied")?.advice).toMatch(/Connect again/);
  expect(connectProblem("something_new")?.advice).toMatch(/something_new/);
  expect(connectProblem(undefined)).toBeNull();
});
