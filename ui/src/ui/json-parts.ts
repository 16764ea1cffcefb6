// The words of one line of JSON, for its colours; a line that is not JSON yet is still words.
export type Part = { kind: "name" | "text" | "value" | "mark"; text: string };

const WORDS = /"(?:[^"\\]|\\.)*"?(\s*:)?|-?\d[\d.eE+-]*|true|false|null|[^"\d\-tfn]+|./g;

export function partsOf(line: string): Part[] {
  return [...line.matchAll(WORDS)].map(([text, colon]) => ({ kind: kindOf(text, colon), text }));
}

function kindOf(text: string, colon: string | undefined): Part["kind"] {
  if (text.startsWith('"')) return colon === undefined ? "text" : "name";
  return /^(-?\d|true$|false$|null$)/.test(text) ? "value" : "mark";
}

/** The indent that the next line starts with. */
export function indentAfter(before: string): string {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  return /[[{]\s*$/.test(line) ? `${indent}  ` : indent;
}
