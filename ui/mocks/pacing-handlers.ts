// Pacing, mocked: lists of every level, one order, what if, and what is kept by name.
import { delay, HttpResponse, http } from "msw";
import type { PacingLevel, PacingRow, PacingSaved, PacingSupposed } from "../src/api/types.ts";
import { ADVERTISERS, throughOf, totalsOf } from "./pacing-data.ts";
import { detailOf } from "./pacing-detail.ts";
import { refuse } from "./reply.ts";
import { orgAt } from "./state.ts";

const saved = new Map<string, PacingSaved[]>();

function list(level: PacingLevel) {
  return async ({ request }: { request: Request }) => {
    const org = orgAt(request.url);
    if (org.slug === "slow") await delay("infinite");
    if (org.slug === "broken") return refuse(500, "internal", "Something failed.");
    const query = new URL(request.url).searchParams;
    const rows = rowsAt(level, org.rows).filter((row) => fits(row, query));
    const sorted = query.get("sort") === "-at_risk_percent" ? byRisk(rows) : rows;
    return HttpResponse.json({
      items: sorted,
      next_cursor: null,
      totals: totalsOf(rows),
      as_of: {
        through: org.rows.length ? throughOf(org.slug === "stale") : null,
        provisional_days: 2,
        advertisers: ADVERTISERS.map((item, index) => ({
          ...item,
          through: throughOf(org.slug === "stale" && index < 2),
        })),
      },
    });
  };
}

/** Good enough to look at: one order stands for each group. */
function rowsAt(level: PacingLevel, rows: PacingRow[]): PacingRow[] {
  if (level === "insertion_order") return rows;
  if (level === "line_item") return rows.flatMap((row) => detailOf(row).line_items);
  if (level === "portfolio") return [];
  const named = (row: PacingRow) =>
    level === "campaign"
      ? { id: row.campaign_id, name: row.campaign_name }
      : { id: row.advertiser_id, name: row.advertiser_name };
  const groups = rows.map((row) => ({ ...row, ...named(row), level, row_key: named(row).id }));
  return [...new Map(groups.map((row) => [row.row_key, row])).values()];
}

function fits(row: PacingRow, query: URLSearchParams): boolean {
  const text = query.get("search")?.toLowerCase() ?? "";
  const { advertiser_id, campaign_id, status } = Object.fromEntries(query);
  return (
    (!advertiser_id || row.advertiser_id === advertiser_id) &&
    (!campaign_id || row.campaign_id === campaign_id) &&
    (!status || row.status === status) &&
    row.name.toLowerCase().includes(text)
  );
}

function byRisk(rows: PacingRow[]): PacingRow[] {
  return [...rows].sort((a, b) => Number(b.at_risk_percent) - Number(a.at_risk_percent));
}

function supposedOf(row: PacingRow, query: URLSearchParams): PacingSupposed {
  const detail = detailOf(row);
  const budget = Number(query.get("budget_micros") ?? row.budget_micros);
  const left = Math.max(1, row.days_total - row.days_elapsed);
  const rate = Number(query.get("per_day_micros") ?? row.last_week_per_day_micros);
  const projected = Math.round(row.spend_micros + rate * left);
  return {
    end_date: query.get("end_date") ?? row.end_date ?? "",
    budget_micros: budget,
    days_total: row.days_total,
    days_elapsed: row.days_elapsed,
    expected_micros: row.expected_micros,
    pacing_percent: row.pacing_percent ?? null,
    remaining_micros: budget - row.spend_micros,
    needed_per_day_micros: Math.max(0, Math.round((budget - row.spend_micros) / left)),
    projected_end_micros: projected,
    used_up_on: null,
    underspend_at_risk_micros: Math.max(0, budget - projected),
    status: row.status,
    plan: detail.plan,
  };
}

export const pacingHandlers = [
  http.get("*/api/pacing/insertion-orders", list("insertion_order")),
  http.get("*/api/pacing/line-items", list("line_item")),
  http.get("*/api/pacing/campaigns", list("campaign")),
  http.get("*/api/pacing/advertisers", list("advertiser")),
  http.get("*/api/pacing/portfolios", list("portfolio")),
  http.get<{ id: string }>("*/api/pacing/insertion-orders/:id", ({ request, params }) => {
    const row = orgAt(request.url).rows.find((item) => item.insertion_order_id === params.id);
    return row
      ? HttpResponse.json(detailOf(row))
      : refuse(404, "insertion_order_not_found", "No such insertion order.");
  }),
  http.get<{ id: string }>("*/api/pacing/insertion-orders/:id/what-if", ({ request, params }) => {
    const row = orgAt(request.url).rows.find((item) => item.insertion_order_id === params.id);
    return row
      ? HttpResponse.json(supposedOf(row, new URL(request.url).searchParams))
      : refuse(404, "insertion_order_not_found", "No such insertion order.");
  }),
  http.get("*/api/pacing/saved", ({ request }) =>
    HttpResponse.json({ items: saved.get(orgAt(request.url).slug) ?? [], next_cursor: null }),
  ),
  http.post("*/api/pacing/saved", async ({ request }) => {
    const { slug } = orgAt(request.url);
    const { name, view, portfolio } = (await request.json()) as PacingSaved;
    const items = saved.get(slug) ?? [];
    const item: PacingSaved = {
      saved_id: crypto.randomUUID(),
      name,
      view: view ?? null,
      portfolio: portfolio ?? null,
      version: 1,
      created_by: "me",
      changed_by: "me",
      changed_at: new Date().toISOString(),
    };
    saved.set(slug, [...items, item]);
    return HttpResponse.json(item, { status: 201 });
  }),
  http.delete<{ id: string }>("*/api/pacing/saved/:id", ({ request, params }) => {
    const { slug } = orgAt(request.url);
    const left = (saved.get(slug) ?? []).filter((item) => item.saved_id !== params.id);
    saved.set(slug, left);
    return new HttpResponse(null, { status: 204 });
  }),
];
