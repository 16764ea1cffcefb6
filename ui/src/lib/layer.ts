// The smallest layer that makes the edited spec of the shipped one: a merge patch (RFC 7396), with
// columns one by one by their name. So what a person did not touch keeps following the shipped spec.
import { isNamed, isObject, isSame } from "./json-changes.ts";

export type Layer = Record<string, unknown>;

/** None when nothing differs. Without a shipped spec the layer is the whole. */
export function layerOf(shipped: unknown, edited: unknown): Layer | null {
  const wish = withoutNulls(edited);
  if (!isObject(wish)) return null;
  const below = withoutNulls(shipped);
  if (!isObject(below)) return wish;
  const { columns: before, ...base } = below;
  const { columns: after, ...rest } = wish;
  const layer = patch(base, rest);
  const columns = columnsPatch(before, after);
  if (columns !== undefined) layer.columns = columns;
  return Object.keys(layer).length === 0 ? null : layer;
}

function patch(before: Record<string, unknown>, after: Record<string, unknown>): Layer {
  const layer: Layer = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, wish] = [before[key], after[key]];
    if (isSame(old, wish)) continue;
    if (!(key in after)) layer[key] = null;
    else layer[key] = isObject(old) && isObject(wish) ? patch(old, wish) : wish;
  }
  return layer;
}

function columnsPatch(before: unknown, after: unknown): unknown {
  if (isSame(before, after)) return undefined;
  if (!isNamed(before) || !isNamed(after)) return after ?? null;
  const gone = before.filter((column) => !after.some(({ name }) => name === column.name));
  const changed = after.flatMap((column) => {
    const old = before.find(({ name }) => name === column.name);
    if (old === undefined) return [column];
    return isSame(old, column) ? [] : [{ name: column.name, ...patch(old, column) }];
  });
  const all = [...changed, ...gone.map(({ name }) => ({ name, remove: true }))];
  return all.length === 0 ? undefined : all;
}

/** In a merge patch a null takes away, so in a spec it says nothing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

/**
 * Where a path of the merged spec stands in the edited text: new columns come last in the merged
 * one, wherever they were written.
 */
export function pathInText(path: string, shipped: unknown, edited: unknown): string {
  const [, index, rest = ""] = /^\/columns\/(\d+)(\/.*)?$/.exec(path) ?? [];
  if (index === undefined || !isObject(edited) || !isNamed(edited.columns)) return path;
  const names = edited.columns.map(({ name }) => name);
  const base = isObject(shipped) && isNamed(shipped.columns) ? shipped.columns : [];
  const kept = base.map(({ name }) => name).filter((name) => names.includes(name));
  const merged = [...kept, ...names.filter((name) => !kept.includes(name))];
  const name = merged[Number(index)];
  return name === undefined ? path : `/columns/${names.indexOf(name)}${rest}`;
}
