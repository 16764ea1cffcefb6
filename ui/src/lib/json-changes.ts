// What differs between two documents, path by path, and the smallest layer that makes the one
// of the other. Lists whose entries have a `name` are compared by it, whatever their order.
import { escapePointer } from "./json-places.ts";

export type Change = { path: string; before?: unknown; after?: unknown };

export function changesBetween(before: unknown, after: unknown, path = ""): Change[] {
  if (isSame(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      changesBetween(before[key], after[key], `${path}/${escapePointer(key)}`),
    );
  }
  if (isNamed(before) && isNamed(after)) return namedChanges(before, after, path);
  return [
    {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

type Named = { name: string } & Record<string, unknown>;

function namedChanges(before: readonly Named[], after: readonly Named[], path: string): Change[] {
  const names = new Set([...before, ...after].map(({ name }) => name));
  const found = [...names].flatMap((name) =>
    changesBetween(
      before.find((item) => item.name === name),
      after.find((item) => item.name === name),
      `${path}/${escapePointer(name)}`,
    ),
  );
  // The same entries in another order.
  return found.length > 0
    ? found
    : [{ path, before: before.map((i) => i.name), after: after.map((i) => i.name) }];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list of things with a name each, no name twice. */
export function isNamed(value: unknown): value is Named[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => isObject(item) && typeof item.name === "string") &&
    new Set(value.map((item: Named) => item.name)).size === value.length
  );
}

export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => isSame(a[key], b[key]));
}
