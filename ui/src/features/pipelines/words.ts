// A spec in plain sentences, for those who do not read JSON.
import { bytes } from "../../lib/bytes.ts";
import { plural } from "../../lib/dates.ts";
import { count } from "../../lib/money.ts";
import { plain } from "../../lib/sentence.ts";
import type { Drift, FileShape, Rule, Source, Spec } from "./spec.ts";

const DATASETS: Record<string, string> = {
  line_item_days: "Daily figures by line item",
  breakdown_days: "Daily figures by line item and breakdown",
  advertiser_days: "Daily sums by advertiser, to compare with",
};

export function datasetWords(dataset: string): string {
  return DATASETS[dataset] ?? plain(dataset);
}

export function sourceWords(source: Source): string {
  if (source.connector === "file_drop") {
    return `Files named ${source.file.name_pattern}, with figures of ${source.file.dsp}`;
  }
  const filters = source.filters ?? [];
  const only = filters.map(({ name, value }) => `${name} is ${value}`).join(" and ");
  const report = `${sourceName(source.connector)} report ${source.report_type}`;
  return only === "" ? report : `${report}, where ${only}`;
}

export function sourceName(connector: string): string {
  return connector === "dv360"
    ? "Display & Video 360"
    : connector === "file_drop"
      ? "Delivered files"
      : plain(connector);
}

export function fileWords(file: FileShape): string {
  const delimiter = file.delimiter === "\t" ? "tab" : (file.delimiter ?? ",");
  const parts = [
    `${file.format.toUpperCase()}, fields separated by “${delimiter}”`,
    `decimals written with “${file.decimal_separator ?? "."}”`,
    `dates as ${file.date_format ?? "y-m-d"}`,
    file.skip_lines ? `${plural(file.skip_lines, "line")} before the header` : "",
    file.totals === "last_row" ? "the last row sums up the others" : "",
    file.currency ? `all amounts in ${file.currency}` : "",
  ];
  return parts.filter(Boolean).join("; ");
}

export function scheduleWords({ schedule }: Pick<Spec, "schedule">): string {
  const { every_hours: hours, not_before_hour: hour } = schedule;
  const often = hours === 24 ? "Once a day" : `Every ${plural(hours, "hour")}`;
  return hour ? `${often}, not before ${String(hour).padStart(2, "0")}:00` : often;
}

export function windowWords({ window }: Pick<Spec, "window">): string {
  return (
    `The first sync reads ${plural(window.first_days, "day")}; ` +
    `each later one reads the last ${plural(window.look_back_days, "day")} again. ` +
    `A month is final on the ${ordinal(window.month_close_day)} of the next one and read once more then.`
  );
}

/** Nobody asks for files, so only what they hold is said. */
export function fileDaysWords({ window }: Pick<Spec, "window">): string {
  return (
    "Whatever days a file holds; they take the place of earlier figures of the same days. " +
    `A month is final on the ${ordinal(window.month_close_day)} of the next one.`
  );
}

const DRIFTS: Record<Drift, Record<keyof Spec["contract"], string>> = {
  evolve: {
    new_column: "is kept beside the others",
    missing_column: "becomes empty",
    retyped_column: "is kept as text",
  },
  freeze: {
    new_column: "is left out",
    missing_column: "becomes empty",
    retyped_column: "becomes empty",
  },
  quarantine: {
    new_column: "puts the file into quarantine",
    missing_column: "puts the file into quarantine",
    retyped_column: "puts the file into quarantine",
  },
};

export function contractWords({ contract }: Pick<Spec, "contract">): [string, string][] {
  return [
    ["A new column", DRIFTS[contract.new_column].new_column],
    ["A missing column that is not required", DRIFTS[contract.missing_column].missing_column],
    ["A cell of another type", DRIFTS[contract.retyped_column].retyped_column],
  ];
}

export function ruleWords(rule: Rule): string {
  switch (rule.check) {
    case "not_negative":
      return `${plain(rule.column)} is never negative`;
    case "not_null":
      return `${plain(rule.column)} is never empty`;
    case "at_most":
      return `${plain(rule.column)} is at most ${plain(rule.other).toLowerCase()} in each row`;
    case "went_to_zero":
      return `${plain(rule.column)} does not go to zero from one day to the next`;
    case "fewer_rows":
      return `Rows do not drop by more than ${rule.percent} % against the days before`;
  }
}

export function severityWords(rule: Rule): string {
  return rule.severity === "warn" ? "Warns" : "Quarantines the file";
}

export function budgetWords({ budget }: Pick<Spec, "budget">): string {
  const parts = [
    budget?.calls_per_day != null ? `${count(budget.calls_per_day)} calls` : "",
    budget?.rows_per_day != null ? `${count(budget.rows_per_day)} rows` : "",
    budget?.bytes_per_day != null ? bytes(budget.bytes_per_day) : "",
  ].filter(Boolean);
  return parts.length === 0 ? "No limit of its own" : `At most ${parts.join(", ")} a day`;
}

export function retentionWords({ retention }: Pick<Spec, "retention">): string {
  return (
    `Files are kept for ${plural(retention.bronze_days, "day")}, ` +
    `figures for ${plural(retention.silver_days, "day")}`
  );
}

function ordinal(day: number): string {
  const ends: Record<string, string> = { one: "st", two: "nd", few: "rd" };
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(day);
  return `${day}${ends[rule] ?? "th"}`;
}
