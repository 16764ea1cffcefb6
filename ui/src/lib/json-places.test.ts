import { expect, it } from "vitest";
import { placeOf, readJson } from "./json-places.ts";

const text = `{
  "window": { "first_days": 90 },
  "columns": [
    { "name": "date" },
    { "name": "a/b" }
  ]
}`;

function placesOf(source: string) {
  const read = readJson(source);
  if (!read.ok) throw new Error(read.fault.message);
  return read;
}

it("reads what JSON.parse reads, and knows where it stands", () => {
  const { value, places } = placesOf(text);
  expect(value).toEqual(JSON.parse(text));
  const place = places.get("/columns/1/name");
  expect(place?.line).toBe(5);
  expect(text.slice(place?.start, place?.end)).toBe('"a/b"');
  expect(places.get("/window/first_days")?.line).toBe(2);
});

it("a path that is not there leads to what surrounds it", () => {
  const { places } = placesOf(text);
  expect(placeOf(places, "/columns/1/to")?.line).toBe(5);
  expect(placeOf(places, "/nowhere/at/all")?.line).toBe(1);
  expect(placeOf(places, "")?.line).toBe(1);
});

it.each([
  ['{\n  "a": 1,\n}', "a name in quotes is expected here", 3],
  ['{"a" 1}', "a colon is expected here", 1],
  ["[1 2]", "a comma or ] is expected here", 1],
  ['{\n"a": nil}', "a value is expected here", 2],
  ['{"a": "open}', "this text has no closing quote", 1],
  ['{"a": 1, "a": 2}', "“a” stands twice in this object", 1],
  ["{} x", "nothing may follow the document", 1],
  ["[".repeat(80), "this is nested too deeply", 1],
  ["", "a value is expected here", 1],
  ["[01]", "a comma or ] is expected here", 1],
])("says where %j stops being JSON", (source, message, line) => {
  expect(readJson(source)).toMatchObject({ ok: false, fault: { message, line } });
});

it("keys with slashes and tildes are escaped as pointers are", () => {
  expect([...placesOf('{"a/b~c": 1}').places.keys()]).toContain("/a~1b~0c");
});
