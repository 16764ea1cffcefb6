// JSON as a person would write it: what fits on a line stays on it, the rest is broken up.
const WIDTH = 96;

export function prettyJson(value: unknown, width = WIDTH): string {
  return write(value, "", 0, width);
}

/** `taken` is what already stands on the line: indent, name and colon. */
function write(value: unknown, indent: string, taken: number, width: number): string {
  const line = oneLine(value);
  if (typeof value !== "object" || value === null) return line;
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  const roomy = taken + line.length + 1 <= width;
  // The document itself is always broken up; so is a list of objects, one per line.
  const breaks = indent === "" || (isList && value.some((item) => isBox(item)));
  if (entries.length === 0 || (roomy && !breaks)) return line;
  const inner = `${indent}  `;
  const parts = entries.map(([key, item]) => {
    const name = isList ? "" : `${JSON.stringify(key)}: `;
    return inner + name + write(item, inner, inner.length + name.length, width);
  });
  const [open, close] = isList ? "[]" : "{}";
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(oneLine).join(", ")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`).join(", ")} }`;
}

function isBox(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
