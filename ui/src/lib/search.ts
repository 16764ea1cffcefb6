// The query string as plain text pairs: ids that look like numbers stay text, and the
// addresses stay readable. Used by the router and by lib/paths.

export type Search = Record<string, string>;

export function parseSearch(query: string): Search {
  return Object.fromEntries(new URLSearchParams(query));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "",
  );
  const query = new URLSearchParams(pairs).toString();
  return query === "" ? "" : `?${query}`;
}
