// What a budget counts: money is spent, impressions are delivered. Said the same everywhere.
import type { PacingRow } from "../../api/types.ts";
import { amount, exactMoney, inUnit, money } from "../../lib/money.ts";

type Unit = Pick<PacingRow, "budget_unit" | "currency">;

export function countsImpressions(row: Unit): boolean {
  return row.budget_unit === "impressions";
}

/** The unit's own name, for headers and columns: `EUR`, or `impressions`. */
export function unitOf(row: Unit): string {
  return countsImpressions(row) ? "impressions" : row.currency;
}

export function doneWord(row: Unit): string {
  return countsImpressions(row) ? "Delivered" : "Spent";
}

/** What the cell counts against the budget. */
export function basisOf(row: Unit): string {
  return countsImpressions(row) ? "Billable impressions" : `Revenue in ${row.currency}`;
}

/** For key figures; the word of impressions stands beside the figure, not in it. */
export function figureText(micros: number | null | undefined, row: Unit): string {
  return countsImpressions(row) ? amount(micros) : money(micros, row.currency);
}

export function exactText(micros: number | null | undefined, row: Unit): string {
  return countsImpressions(row)
    ? inUnit(micros, row.budget_unit, row.currency)
    : exactMoney(micros, row.currency);
}
