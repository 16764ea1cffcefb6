// What is supposed, in the address: so it can be shared, and the back button takes it back.
import type { WhatIf } from "../../api/pacing.ts";
import type { Search } from "../../lib/search.ts";

const DIGITS = /^\d{1,18}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Only what the cell understands; anything else in the address is as if it were not there. */
export function parseWhatIf(search: Search): WhatIf {
  const { budget, end, rate } = search;
  return {
    ...(budget && DIGITS.test(budget) ? { budget_micros: Number(budget) } : {}),
    ...(end && DATE.test(end) ? { end_date: end } : {}),
    ...(rate && DIGITS.test(rate) ? { per_day_micros: Number(rate) } : {}),
  };
}

export function whatIfSearch(wish: WhatIf): Record<"budget" | "end" | "rate", string | undefined> {
  return {
    budget: wish.budget_micros?.toString(),
    end: wish.end_date,
    rate: wish.per_day_micros?.toString(),
  };
}

export function isSupposed(wish: WhatIf): boolean {
  return Object.keys(wish).length > 0;
}

/** Whole units of a budget, for a slider and a field. */
export const MICROS = 1_000_000;

export function units(micros: number | null | undefined): number {
  return Math.round((micros ?? 0) / MICROS);
}

/** The end of a slider: round, and with room beyond what is. */
export function roomAbove(value: number): number {
  const room = Math.max(10, value * 2);
  const step = 10 ** Math.floor(Math.log10(room));
  return Math.ceil(room / step) * step;
}
