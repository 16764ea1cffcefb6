// What is asked for, out of the address; only a whole wish has a forecast.
import type { Wish } from "../../api/backfills.ts";
import { addDays, daysBetween, todayIn } from "../../lib/dates.ts";
import type { BackfillSearch } from "../../lib/paths.ts";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const USUAL_DAYS = 7;

/** What is not in the address is what most people want: the last week of the only connection. */
export function withDefaults(
  search: BackfillSearch,
  connections: readonly string[],
  pipelines: readonly string[],
  now = new Date(),
): Required<BackfillSearch> {
  const yesterday = addDays(todayIn(undefined, now), -1);
  const end = search.end && DAY.test(search.end) ? search.end : yesterday;
  return {
    connection: search.connection ?? connections[0] ?? "",
    pipeline: search.pipeline ?? pipelines[0] ?? "",
    start: search.start && DAY.test(search.start) ? search.start : addDays(end, 1 - USUAL_DAYS),
    end,
  };
}

export function wishOf(form: Required<BackfillSearch>): Wish | null {
  if (form.connection === "" || form.pipeline === "" || problemOf(form) !== null) return null;
  const { connection, pipeline, start, end } = form;
  return { connection_id: connection, pipeline, start, end };
}

export function problemOf(
  { start, end }: Pick<Required<BackfillSearch>, "start" | "end">,
  now = new Date(),
): string | null {
  if (daysBetween(start, end) < 0) return "The last day is before the first.";
  if (daysBetween(todayIn(undefined, now), end) > 0) return "The last day has not come yet.";
  return null;
}
