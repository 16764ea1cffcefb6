// The calendar's state is its address: what is shown, until when, and the day that is open.
import { addDays, todayIn } from "../../lib/dates.ts";
import type { Search } from "../../lib/search.ts";

export const WEEKS = ["6", "13", "26"] as const;
const DEFAULT_WEEKS = "6";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export type Shown = { from: string; to: string; weeks: (typeof WEEKS)[number]; latest: boolean };

/** The last complete day anywhere is yesterday; what is in the address wins if it is a day. */
export function shownDays(search: Search, now = new Date()): Shown {
  const latest = addDays(todayIn(undefined, now), -1);
  const wish = search.to && DAY.test(search.to) && search.to < latest ? search.to : latest;
  const weeks = WEEKS.find((known) => known === search.weeks) ?? DEFAULT_WEEKS;
  return { from: addDays(wish, 1 - Number(weeks) * 7), to: wish, weeks, latest: wish === latest };
}

/** Half of what is shown, so that one keeps one's place. */
export function moveBy({ to, weeks }: Shown, direction: 1 | -1): string {
  return addDays(to, direction * Math.ceil((Number(weeks) * 7) / 2));
}
