// Modules and naming, mocked: a convention for line items, some names, a trend.
import { HttpResponse, http } from "msw";
import { addDays, todayIn } from "../src/lib/dates.ts";
import { ago, user } from "./state.ts";

const convention = {
  title: "Line items",
  level: "line_item",
  scope: { advertiser_ids: [], campaign_ids: [], from: null, to: null },
  delimiter: "_",
  case: "exact",
  ascii_only: true,
  max_bytes: 240,
  unique: "in_parent",
  fields: [
    {
      name: "market",
      presence: "required",
      kind: {
        type: "picklist",
        values: [
          { code: "DE", label: "Germany", aliases: ["GER"] },
          { code: "FR", label: "France" },
        ],
      },
    },
    { name: "start", presence: "required", kind: { type: "date", format: "YYYYMMDD" } },
    { name: "what", presence: "required", kind: { type: "text", min: 1, max: 60 } },
  ],
  rules: [{ rule: "agrees", field: "start", attribute: "flight_start" }],
};

const entry = {
  convention_id: "018f2c6a-0000-7000-8000-000000000001",
  version: 2,
  document: convention,
  convention,
  problems: [],
  comment: "Markets by code",
  changed_by: user.user_id,
  changed_at: ago(60 * 3),
};

const name = (at: number, text: string, message: string, suggested: string | null) => ({
  dsp: "dv360",
  level: "line_item",
  entity_id: `204881${at}`,
  advertiser_id: "5120044",
  advertiser_name: "Harbor & Vine",
  parent_id: "77120",
  name: text,
  entity_status: "active",
  convention_id: entry.convention_id,
  compliant: false,
  issues: [{ code: "not_in_list", field: "market", position: 1, value: text.slice(0, 3), message }],
  suggestions: suggested
    ? [{ name: suggested, confidence: at % 2 ? "high" : "medium", changes: [] }]
    : [],
});

const NAMES = [
  name(
    1,
    "GER_20261101_Brand-lift",
    '"GER" is none of the 2 values of market',
    "DE_20261101_Brand-lift",
  ),
  name(2, "FRA_2026-11-01_Reach", '"FRA" is none of the 2 values of market', "FR_20261101_Reach"),
  name(3, "Nordics launch", "start is missing", null),
];

const share = (names: number, checked: number, compliant: number) => ({
  names,
  checked,
  compliant,
  percent: checked > 0 ? ((compliant / checked) * 100).toFixed(2) : null,
});

const module = (id: string, title: string, description: string, settings: object) => ({
  module: id,
  title,
  description,
  module_version: 1,
  inputs: ["entities"],
  configure: "manage_settings",
  enabled: true,
  version: 2,
  template: null,
  layer: null,
  settings,
  diff: [],
  problems: [],
  schema: {
    properties: Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [
        key,
        typeof value === "boolean"
          ? { type: "boolean", description: "Also names of what is paused." }
          : { type: "integer", minimum: 0, maximum: 1000, description: "In percent." },
      ]),
    ),
  },
  defaults: settings,
  templates: [
    { template: "brand", settings },
    { template: "performance", settings },
  ],
});

const MODULES = [
  module("pacing", "Pacing", "Is each insertion order spending its budget as it should?", {
    on_pace_from_percent: 90,
    on_pace_to_percent: 110,
  }),
  module("taxonomy", "Naming", "Does each name say what the agency agreed names shall say?", {
    check_paused: true,
    check_drafts: true,
    check_archived: false,
    suggest: true,
  }),
];

const found = (id: unknown) => MODULES.find((one) => one.module === id);
const page = (items: unknown[]) => HttpResponse.json({ items, next_cursor: null });
const preview = {
  names: 412,
  compliant: 371,
  compliant_now: 368,
  wrong: NAMES,
  right: ["DE_20261101_Always-on"],
};

export const namingHandlers = [
  http.get("*/api/modules", () =>
    page(MODULES.map((one) => ({ ...one, changed: 0, problems: 0 }))),
  ),
  http.get("*/api/modules/:module", ({ params }) => HttpResponse.json(found(params.module))),
  http.post("*/api/modules/:module/preview", ({ params }) =>
    HttpResponse.json({
      valid: true,
      problems: [],
      settings: found(params.module)?.settings,
      diff: [],
      preview: {
        looked_at: 412,
        changed: 2,
        items: NAMES.slice(0, 2).map((one) => ({
          kind: one.level,
          id: one.entity_id,
          name: one.name,
          before: "wrong",
          after: "not_checked",
        })),
      },
    }),
  ),
  http.put("*/api/modules/:module", ({ params }) => HttpResponse.json(found(params.module))),
  http.get("*/api/modules/:module/versions", () =>
    page([
      {
        version: 2,
        enabled: true,
        template: null,
        layer: null,
        comment: "Back to what is shipped",
        changed_by: user.user_id,
        changed_at: ago(60),
        diff: [{ path: "/check_paused", before: false, after: true }],
      },
      {
        version: 1,
        enabled: true,
        template: null,
        layer: { check_paused: false },
        comment: "Paused ones are nobody's work",
        changed_by: user.user_id,
        changed_at: ago(60 * 30),
        diff: [{ path: "/check_paused", before: true, after: false }],
      },
    ]),
  ),
  http.get("*/api/modules/:module/runs", () =>
    page([
      {
        dsp: "dv360",
        advertiser_id: "5120044",
        advertiser_name: "Harbor & Vine",
        rows: 412,
        result_sha256: "9f2c1d0e8a7b6c5d4e3f9f2c1d0e8a7b6c5d4e3f9f2c1d0e8a7b6c5d4e3f0011",
        problem: null,
        took_us: 18_400,
        ran_at: ago(22),
      },
    ]),
  ),
  http.get("*/api/taxonomy/compliance", () =>
    HttpResponse.json({
      total: share(640, 412, 371),
      levels: [
        { level: "campaign", ...share(24, 0, 0) },
        { level: "insertion_order", ...share(96, 0, 0) },
        { level: "line_item", ...share(412, 412, 371) },
        { level: "creative", ...share(108, 0, 0) },
      ],
      advertisers: [
        { advertiser_id: "5120044", advertiser_name: "Harbor & Vine", ...share(400, 300, 262) },
        { advertiser_id: "5120051", advertiser_name: "Kestrel Motors", ...share(240, 112, 109) },
      ],
      broken: [
        { level: "line_item", field: "market", code: "not_in_list", names: 27 },
        { level: "line_item", field: "start", code: "not_a_date", names: 11 },
        { level: "line_item", field: null, code: "not_unique", names: 3 },
      ],
      days: Array.from({ length: 60 }, (_, at) => {
        const compliant = 300 + Math.round(at * 1.2);
        return {
          date: addDays(todayIn(undefined), at - 60),
          checked: 412,
          compliant,
          percent: ((compliant / 412) * 100).toFixed(2),
          levels: [],
        };
      }),
    }),
  ),
  http.get("*/api/taxonomy/names", () => page(NAMES)),
  http.get("*/api/taxonomy/conventions", () => page([entry])),
  http.post("*/api/taxonomy/conventions/preview", () =>
    HttpResponse.json({ valid: true, problems: [], preview }),
  ),
  http.get("*/api/taxonomy/conventions/:id", () => HttpResponse.json(entry)),
  http.get("*/api/taxonomy/conventions/:id/versions", () =>
    page([
      { ...entry, diff: [] },
      { ...entry, version: 1, comment: "First version", diff: [] },
    ]),
  ),
  http.post("*/api/taxonomy/conventions/:id/build", async ({ request }) => {
    const { values } = (await request.json()) as { values: Record<string, string[]> };
    const parts = convention.fields.map(({ name }) => values[name]?.[0]);
    const missing = convention.fields.filter((_, at) => !parts[at]);
    return HttpResponse.json({
      name: missing.length === 0 ? parts.join("_") : null,
      issues: missing.map(({ name }) => ({
        code: "missing_field",
        field: name,
        position: null,
        value: null,
        message: `${name} is missing`,
      })),
    });
  }),
  http.get("*/api/taxonomy/proposal", () =>
    HttpResponse.json({
      names: 412,
      proposal: {
        convention,
        names: 412,
        keep: 371,
        fields: convention.fields.map(({ name }) => ({
          name,
          distinct: 14,
          left_out: 0,
          examples: ["DE", "FR"],
        })),
        exceptions: NAMES.map((one) => one.name),
      },
    }),
  ),
];
