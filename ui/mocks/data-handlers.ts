// Quarantine, backfills, budgets and lineage, mocked.
import { HttpResponse, http } from "msw";
import { addDays, daysBetween, todayIn } from "../src/lib/dates.ts";
import { refuse } from "./reply.ts";
import { ago } from "./state.ts";

const LINES = [411, 412, 413, 414, 415].map((line) => ({
  number: line,
  shortened: false,
  text: `2026/11/14,2048811,5120044,EUR,Europe/Oslo,${line}01,"DE_Brand-lift, Q4",${line * 31},${line},0.${line}`,
}));

const HEADER = {
  number: 1,
  shortened: false,
  text: "Date,Partner ID,Advertiser ID,Advertiser Currency,Advertiser Time Zone,Impressions,Revenue (EUR)",
};

export const quarantined = {
  sync_id: "sync_04",
  connection_id: "conn_018f2c6a",
  bronze_id: "brz_018f2c6a77",
  pipeline: "dv360_line_item_days",
  state: "open",
  code: "schema_drift",
  message: "the column “Revenue (Adv Currency)” is not there, “Revenue (EUR)” stands in its place",
  line: 413,
  drifts: [
    {
      column: "revenue",
      change: "renamed_suspected",
      action: "quarantine",
      header: "Revenue (EUR)",
    },
  ],
  range: { start: addDays(todayIn(undefined), -9), end: addDays(todayIn(undefined), -3) },
  created_at: ago(60 * 26),
  replay_sync_id: null,
};

const wish = {
  connection_id: "conn_018f2c6a",
  pipeline: "dv360_line_item_days",
  start: addDays(todayIn(undefined), -34),
  end: addDays(todayIn(undefined), -28),
};
const backfill = (done: number) => ({
  ...wish,
  backfill_id: "bf_01",
  state: done === 4 ? "done" : "running",
  progress: done / 4,
  rows_loaded: done * 812,
  created_at: ago(12),
  started_at: ago(12),
  finished_at: done === 4 ? ago(2) : null,
  problem: null,
  retry_at: null,
  windows: [0, 1, 2, 3].map((part) => ({
    state: part < done ? "done" : part === done ? "running" : "open",
    start: addDays(wish.start, part * 2),
    end: addDays(wish.start, Math.min(6, part * 2 + 1)),
    sync_id: part <= done ? "sync_07" : null,
    rows: part < done ? 812 : 0,
  })),
});

type Limit = { soft: number | null; hard: number | null };
const none: Limit = { soft: null, hard: null };
const budget = (resource: string, used: number, limit: Limit) => ({
  resource,
  used,
  limit,
  own: limit,
  standing: limit.soft !== null && used >= limit.soft ? "soft" : "within",
  resets_at: ago(-60 * 8),
});
const pipelineBudgets = [
  {
    pipeline: "dv360_line_item_days",
    items: [budget("calls", 9, { soft: 160, hard: 200 })],
  },
];
const budgetChanges = [
  {
    changed_at: ago(60 * 30),
    changed_by: "user_0190",
    limits: [{ resource: "calls", before: none, after: { soft: 60, hard: 80 } }],
  },
];
export const kept = {
  pipeline: "dv360_line_item_days",
  silver_days: 400,
  silver_before: addDays(todayIn("UTC"), -400),
  settled_before: addDays(todayIn("UTC"), -40),
  kept_since: addDays(todayIn("UTC"), -412),
  days_kept: 2_060,
  rows_kept: 92_400,
  days_due: 60,
  rows_due: 2_412,
  bronze_days: 400,
  bronze_before: ago(60 * 24 * 400),
  files_kept: 391,
  bytes_kept: 374_000_000,
  files_due: 12,
  bytes_due: 11_400_000,
};
const dropped = {
  pipeline: "dv360_line_item_days",
  days: 5,
  rows: 211,
  files: 1,
  bytes: 950_000,
  dropped_at: ago(60 * 20),
};
let budgets = [
  budget("calls", 14, { soft: 60, hard: 80 }),
  budget("rows", 92_400, { soft: null, hard: 1_000_000 }),
  budget("bytes", 12_400_000, none),
  budget("cost_micros_usd", 640_000, { soft: 500_000, hard: 1_000_000 }),
];

const FOUND = [
  {
    kind: "advertiser",
    dsp: "dv360",
    id: "5120044",
    name: "Kestrel Airways",
    advertiser_name: "Kestrel Airways",
    insertion_order_id: null,
  },
  {
    kind: "insertion_order",
    dsp: "dv360",
    id: "io_7",
    name: "Kestrel_Winter_IO07",
    advertiser_name: "Kestrel Airways",
    insertion_order_id: "io_7",
  },
  {
    kind: "line_item",
    dsp: "dv360",
    id: "li_71",
    name: "Kestrel_Winter_Prospecting_LI71",
    advertiser_name: "Kestrel Airways",
    insertion_order_id: "io_7",
  },
];

export const dataHandlers = [
  http.get("*/api/search", ({ request }) => {
    const text = new URL(request.url).searchParams.get("q")?.toLowerCase() ?? "";
    return HttpResponse.json({
      items: FOUND.filter(({ name }) => name.toLowerCase().includes(text)),
    });
  }),
  http.get("*/api/members", () =>
    HttpResponse.json({
      items: [{ user_id: "user_0190", name: "Ivo Marsh", email: "ivo@acme.example" }],
    }),
  ),
  http.get("*/api/quarantine", () => HttpResponse.json({ items: [quarantined] })),
  http.get<{ id: string }>("*/api/quarantine/:id", ({ params }) =>
    params.id === quarantined.sync_id
      ? HttpResponse.json({ ...quarantined, header: HEADER, lines: LINES })
      : refuse(404, "not_in_quarantine", "No such file."),
  ),
  http.post("*/api/quarantine/:id/replay", () => HttpResponse.json({ sync_id: "sync_07" })),
  http.post("*/api/quarantine/:id/accept-names", () => HttpResponse.json({ sync_id: "sync_07" })),
  http.get("*/api/backfills", () => HttpResponse.json({ items: [backfill(2)] })),
  http.post("*/api/backfills", () => HttpResponse.json(backfill(0))),
  http.post("*/api/backfills/forecast", async ({ request }) => {
    const { start, end } = (await request.json()) as { start: string; end: string };
    const days = daysBetween(start, end) + 1;
    return HttpResponse.json({
      forecast_id: "fc_01",
      calls: 6 + Math.ceil(days / 30) * 3,
      reports: Math.ceil(days / 30),
      rows: days * 812,
      bytes: days * 96_000,
      minutes: 4 + days / 10,
      cost_micros_usd: days * 900,
      budget_left: { calls: 66, rows: 907_600, bytes: null, cost_micros_usd: 760_000 },
      warnings:
        days > 60
          ? [{ code: "too_old", message: "the source may no longer have the oldest of these days" }]
          : [],
    });
  }),
  http.get("*/api/backfills/:id", () => HttpResponse.json(backfill(2))),
  http.post("*/api/backfills/:id/cancel", () =>
    HttpResponse.json({ ...backfill(2), state: "cancelled" }),
  ),
  http.get("*/api/budgets", () =>
    HttpResponse.json({ items: budgets, pipelines: pipelineBudgets }),
  ),
  http.get("*/api/budgets/changes", () =>
    HttpResponse.json({ items: budgetChanges, next_cursor: null }),
  ),
  http.get("*/api/data/retention", () =>
    HttpResponse.json({ next_run_at: ago(-60 * 4), items: [kept] }),
  ),
  http.get("*/api/data/retention/drops", () =>
    HttpResponse.json({ items: [dropped], next_cursor: null }),
  ),
  http.put("*/api/budgets", async ({ request }) => {
    const { limits } = (await request.json()) as { limits: Record<string, Limit> };
    budgets = budgets.map(({ resource, used }) => budget(resource, used, limits[resource] ?? none));
    return HttpResponse.json({ items: budgets, pipelines: pipelineBudgets });
  }),
  http.get<{ id: string; date: string }>(
    "*/api/lineage/line-items/dv360/:id/days/:date",
    ({ params }) =>
      HttpResponse.json({
        dataset: "line_item_days",
        dsp: "dv360",
        line_item_id: params.id,
        date: params.date,
        currency: "EUR",
        figures: {
          impressions: 41_230,
          billable_impressions: 41_230,
          revenue_micros: 184_220_000 + (Number(params.id.replace(/\D/g, "")) % 97) * 1_310_000,
        },
        certified: false,
        reported_at: ago(194),
        load: {
          load_id: "load_01",
          sync_id: "sync_07",
          pipeline_version: "dv360_line_item_days@1+2/2",
          loaded_at: ago(190),
          control_total: true,
        },
        file: {
          bronze_id: "brz_018f2c6a77",
          line: 413,
          bytes: 956_000,
          report_id: "1180034455",
          query_id: "88231177",
        },
      }),
  ),
  http.get("*/api/bronze/:id/lines", () => HttpResponse.json({ header: HEADER, lines: LINES })),
];
