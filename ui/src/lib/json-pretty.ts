// JSON as a person would write it: what fits on a line stays on it, the entries of a list are
// filled line by line, and only the rest is broken up.
const WIDTH = 100;

export function prettyJson(value: unknown, width = WIDTH): string {
  return write(value, "", 0, width);
}

/** `taken` is what already stands on the line: indent, name and colon. */
function write(value: unknown, indent: string, taken: number, width: number): string {
  const line = oneLine(value);
  if (!isBox(value)) return line;
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  // The document itself is always broken up; so is a list of objects, one below the other.
  const breaks = indent === "" || (isList && value.some(isBox));
  if (entries.length === 0 || (!breaks && taken + line.length + 1 <= width)) return line;
  const inner = `${indent}  `;
  const parts = entries.map(([key, item]) => {
    if (isList && isFlat(item)) return inner + filled(item, inner, width);
    const name = isList ? "" : `${JSON.stringify(key)}: `;
    return inner + name + write(item, inner, inner.length + name.length, width);
  });
  const [open, close] = isList ? "[]" : "{}";
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

/** `{ "a": 1, "b": 2,` and on the next line, below "a", the rest. */
function filled(value: object, indent: string, width: number): string {
  const lines = [""];
  for (const pair of Object.entries(value).map(pairLine)) {
    const last = lines.at(-1) ?? "";
    const longer = last === "" ? pair : `${last}, ${pair}`;
    const fits = last === "" || indent.length + 2 + longer.length + 3 <= width;
    if (fits) lines[lines.length - 1] = longer;
    else lines.push(pair);
  }
  return `{ ${lines.join(`,\n${indent}  `)} }`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (!isBox(value)) return JSON.stringify(value) ?? "null";
  const pairs = Object.entries(value).map(pairLine);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

function pairLine([key, value]: [string, unknown]): string {
  return `${JSON.stringify(key)}: ${oneLine(value)}`;
}

function isBox(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** An object with nothing deeper in it than lists of words. */
function isFlat(value: unknown): value is object {
  if (!isBox(value) || Array.isArray(value) || Object.keys(value).length === 0) return false;
  return Object.values(value).every((item) =>
    Array.isArray(item) ? !item.some(isBox) : !isBox(item),
  );
}
