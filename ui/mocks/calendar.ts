// The days of each advertiser, mocked; a few of them in trouble.
import { HttpResponse, http } from "msw";
import { addDays, todayIn } from "../src/lib/dates.ts";
import { daysFrom } from "../src/lib/day-runs.ts";
import { ADVERTISERS } from "./pacing-data.ts";
import { ago, orgAt } from "./state.ts";

export const calendarHandlers = [
  http.get("*/api/data/calendar", ({ request }) => {
    const query = new URL(request.url).searchParams;
    const [from = "", to = ""] = [query.get("from") ?? "", query.get("to") ?? ""];
    const items = orgAt(request.url).rows.length === 0 ? [] : ADVERTISERS;
    return HttpResponse.json({
      advertisers: items.map((item, index) => ({
        advertiser_id: item.advertiser_id,
        dsp: "dv360",
        name: item.name,
        time_zone: item.time_zone,
        days: daysFrom(from, to).map((date) => ({ date, ...stateOf(date, index) })),
      })),
    });
  }),
];

function stateOf(date: string, advertiser: number) {
  const today = todayIn(undefined);
  const back = (days: number) => addDays(today, -days);
  const known = { rows: 164 + advertiser * 11, loaded_at: ago(190) };
  if (advertiser === 1 && date >= back(34) && date <= back(28))
    return { state: "missing", rows: null };
  if (advertiser === 2 && date === back(9))
    return { state: "quarantined", rows: null, sync_id: "sync_04" };
  if (advertiser === 3 && date >= back(2)) return { state: "late", rows: null };
  if (advertiser === 4 && Number(date.slice(8)) % 11 === 0)
    return { ...known, state: "empty", rows: 0 };
  const month = today.slice(0, 7);
  return { ...known, state: date.startsWith(month) ? "provisional" : "complete" };
}
