// What a delimited file most likely looks like, from its beginning. A proposal for a person to look
// at: the cell reads the file only as the manifest says.

export type CsvShape = {
  delimiter: string;
  skipLines: number;
  header: string[];
  /** The first row below the header. */
  first: string[];
  totals: "none" | "last_row";
  dateFormat: DateFormat;
  decimalSeparator: "." | ",";
};

type DateFormat = "y-m-d" | "d.m.y" | "m/d/y" | "ymd";

const DELIMITERS = [",", ";", "\t", "|"];
const MOST_LINES = 200;

const DATES: [RegExp, DateFormat][] = [
  [/^\d{4}[-/]\d{1,2}[-/]\d{1,2}$/, "y-m-d"],
  [/^\d{1,2}\.\d{1,2}\.\d{4}$/, "d.m.y"],
  [/^\d{1,2}\/\d{1,2}\/\d{4}$/, "m/d/y"],
  [/^20\d{6}$/, "ymd"],
];

/** None where nothing looks like a table. */
export function shapeOf(text: string): CsvShape | null {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const head = lines.slice(0, MOST_LINES);
  const widths = DELIMITERS.map((delimiter) => widest(head, delimiter));
  const width = Math.max(0, ...widths);
  const delimiter = DELIMITERS[widths.indexOf(width)];
  if (delimiter === undefined || width < 2) return null;
  const skipLines = head.findIndex((line) => fieldsOf(line, delimiter).length === width);
  const rows = lines.slice(skipLines).map((line) => fieldsOf(line, delimiter));
  const [header = [], first = []] = rows;
  const last = rows.length > 2 ? (rows.at(-1) ?? []) : [];
  return {
    delimiter,
    skipLines,
    header: header.map((field) => field.trim()),
    first,
    totals: last.length === width && last[0] === "" ? "last_row" : "none",
    dateFormat: first.map(dateFormatOf).find((format) => format !== null) ?? "y-m-d",
    decimalSeparator: rows.slice(1, 20).flat().some(hasDecimalComma) ? "," : ".",
  };
}

/** How many fields most lines have, or none if they do not agree. */
function widest(lines: readonly string[], delimiter: string): number {
  const seen = new Map<number, number>();
  for (const line of lines) {
    const width = fieldsOf(line, delimiter).length;
    if (width > 1) seen.set(width, (seen.get(width) ?? 0) + 1);
  }
  const [most] = [...seen].sort(([a, n], [b, m]) => m - n || b - a);
  return most !== undefined && most[1] * 2 > lines.length ? most[0] : 0;
}

export function fieldsOf(line: string, delimiter: string): string[] {
  // Each quoted part, and each letter outside of one.
  const parts = line.match(/"(?:[^"]|"")*"?|[^"]/gu) ?? [];
  const fields = [""];
  for (const part of parts) {
    if (part === delimiter) fields.push("");
    else fields[fields.length - 1] += part.startsWith('"') ? unquoted(part) : part;
  }
  return fields;
}

function unquoted(part: string): string {
  return part.replace(/^"|"$/g, "").replaceAll('""', '"');
}

export function dateFormatOf(cell: string): DateFormat | null {
  return DATES.find(([shape]) => shape.test(cell.trim()))?.[1] ?? null;
}

function hasDecimalComma(cell: string): boolean {
  return /^-?\d{1,3}(\.\d{3})*,\d+$/.test(cell.trim()) && !/^-?\d{1,3}(,\d{3})+$/.test(cell.trim());
}
