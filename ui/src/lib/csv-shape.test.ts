import { expect, it } from "vitest";
import { fieldsOf, shapeOf } from "./csv-shape.ts";

it("reads a German file with a line above its header and a totals row", () => {
  const text =
    "\uFEFFBericht;erstellt\r\nTag;Ad Group Id;Klicks;Ausgaben\r\n" +
    "01.11.2026;ag_1;7;1.012,50\r\n02.11.2026;ag_1;0;3\r\n;;7;1.015,50\r\n";
  expect(shapeOf(text)).toEqual({
    delimiter: ";",
    skipLines: 1,
    header: ["Tag", "Ad Group Id", "Klicks", "Ausgaben"],
    first: ["01.11.2026", "ag_1", "7", "1.012,50"],
    totals: "last_row",
    dateFormat: "d.m.y",
    decimalSeparator: ",",
  });
});

it("reads a plain file", () => {
  const shape = shapeOf("Date,Id,Spend\n2026-11-01,1,1234.5\n2026-11-02,1,2\n");
  expect(shape).toMatchObject({ delimiter: ",", skipLines: 0, totals: "none" });
  expect(shape).toMatchObject({ dateFormat: "y-m-d", decimalSeparator: "." });
});

it("takes a group of thousands for what it is", () => {
  expect(shapeOf('Date;Imps\n2026-11-01;"1,234"\n')).toMatchObject({ decimalSeparator: "." });
});

it("sees no table where there is none", () => {
  expect(shapeOf("")).toBeNull();
  expect(shapeOf("Dear all,\nthe figures follow\n")).toBeNull();
});

it("keeps delimiters and marks inside of quotes", () => {
  expect(fieldsOf('a,"b, c","say ""hi""",', ",")).toEqual(["a", "b, c", 'say "hi"', ""]);
});
