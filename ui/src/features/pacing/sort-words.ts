// The order of the list in words, so that nobody has to guess why a row is on top.
import { COLUMNS } from "./columns.tsx";
import { DEFAULT_SORT, sortingOf } from "./search.ts";

/** `mixed`: the rows count in several units, within each of which amounts are sorted. */
export function sortWords(sort: string | undefined, mixed: boolean): string {
  if (sort === undefined || sort === DEFAULT_SORT) {
    return "What needs you first: the largest share of a budget at risk";
  }
  const [by] = sortingOf(sort);
  const column = COLUMNS.find(({ id }) => id === by?.id);
  if (by === undefined || column === undefined) return "";
  const end = by.desc ? "largest first" : "smallest first";
  const order = column.unit === undefined ? (by.desc ? "descending" : "ascending") : end;
  const within = column.unit === "money" && mixed ? ", each currency by itself" : "";
  return `By ${column.header.toLowerCase()}, ${order}${within}`;
}
