import { expect, it } from "vitest";
import { shapeOf } from "../../lib/csv-shape.ts";
import { columnName, patternOf, proposeSpec } from "./propose.ts";

const wish = { name: "ttd_days", title: "The Trade Desk, daily", dsp: "ttd" };

it("says of an example's columns what they most likely mean", () => {
  const text =
    "Tag;Advertiser Id;Campaign Id;Ad Group Id;Währung;Impressionen;Klicks;Ausgaben;Notiz\n" +
    "01.11.2026;a;c;g;EUR;10;1;2,50;x\n";
  const shape = shapeOf(text);
  if (shape === null) throw new Error("no table");
  const spec = proposeSpec(wish, { name: "ttd_2026-11-23.csv", shape });
  expect(spec.columns.map(({ name, to, kind }) => `${name} ${to} ${kind}`)).toEqual([
    "tag date date",
    "advertiser_id advertiser_id text",
    "campaign_id campaign_id text",
    "ad_group_id line_item_id text",
    "wahrung currency currency",
    "impressionen impressions count",
    "klicks clicks count",
    "ausgaben revenue money",
    "notiz extra text",
  ]);
  expect(spec.columns.at(-1)?.required).toBe(false);
  expect(spec.source).toMatchObject({
    file: { name_pattern: "ttd_*.csv", delimiter: ";", date_format: "d.m.y" },
  });
});

it("asks for one currency where no column has it", () => {
  expect(proposeSpec(wish, null).source).toMatchObject({ file: { currency: "EUR" } });
});

it("gives each meaning to one column, and each column a name of its own", () => {
  const shape = shapeOf("Date,Spend,Spend!,1st\n2026-11-01,1,2,3\n");
  if (shape === null) throw new Error("no table");
  const { columns } = proposeSpec(wish, { name: "x.csv", shape });
  expect(columns.map(({ name, to }) => `${name} ${to}`)).toEqual([
    "date date",
    "spend revenue",
    "spend_2 extra",
    "st extra",
  ]);
});

it("puts a star where names of files differ by day", () => {
  expect(patternOf("ttd_2026-11-23.csv")).toBe("ttd_*.csv");
  expect(patternOf("spend 20261123.csv")).toBe("spend *.csv");
  expect(patternOf("daily.csv")).toBe("daily.csv");
  expect(columnName("Größe (€)")).toBe("grosse");
});
