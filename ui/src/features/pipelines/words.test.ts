import { expect, it } from "vitest";
import type { Spec } from "./spec.ts";
import {
  budgetWords,
  contractWords,
  fileWords,
  ruleWords,
  scheduleWords,
  sourceWords,
  windowWords,
} from "./words.ts";

const window = { first_days: 90, look_back_days: 7, month_close_day: 3 };

it("says when and which days are read", () => {
  expect(scheduleWords({ schedule: { every_hours: 24, not_before_hour: 5 } })).toBe(
    "Once a day, not before 05:00",
  );
  expect(scheduleWords({ schedule: { every_hours: 6 } })).toBe("Every 6 hours");
  expect(windowWords({ window })).toBe(
    "The first sync reads 90 days; each later one reads the last 7 days again. " +
      "A month is final on the 3rd of the next one and read once more then.",
  );
});

it("says what is asked for", () => {
  expect(
    sourceWords({
      connector: "dv360",
      report_type: "STANDARD",
      filters: [{ name: "FILTER_COUNTRY", value: "NO" }],
    }),
  ).toBe("Display & Video 360 report STANDARD, where FILTER_COUNTRY is NO");
  expect(
    fileWords({
      dsp: "ttd",
      name_pattern: "*.csv",
      format: "csv",
      delimiter: ";",
      decimal_separator: ",",
      date_format: "d.m.y",
      totals: "last_row",
    }),
  ).toBe(
    "CSV, fields separated by “;”; decimals written with “,”; dates as d.m.y; the last row sums up the others",
  );
});

it("says what becomes of a file that differs", () => {
  const contract: Spec["contract"] = {
    new_column: "evolve",
    missing_column: "freeze",
    retyped_column: "quarantine",
  };
  expect(contractWords({ contract }).map(([, then]) => then)).toEqual([
    "is kept beside the others",
    "becomes empty",
    "puts the file into quarantine",
  ]);
});

it("says what is checked, and what a day may use", () => {
  expect(
    ruleWords({ check: "at_most", column: "clicks", other: "impressions", severity: "warn" }),
  ).toBe("Clicks is at most impressions in each row");
  expect(ruleWords({ check: "fewer_rows", percent: 50, severity: "warn" })).toContain("50 %");
  expect(budgetWords({})).toBe("No limit of its own");
  expect(budgetWords({ budget: { calls_per_day: 40, bytes_per_day: 2_000_000_000 } })).toBe(
    "At most 40 calls, 2 GB a day",
  );
});
