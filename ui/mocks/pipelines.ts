// Pipelines, mocked: the shipped specs as they are, layers kept as they are sent.
import { HttpResponse, http } from "msw";
import advertiserDays from "../../cell/pipelines/dv360_advertiser_days.json";
import deviceDays from "../../cell/pipelines/dv360_device_days.json";
import lineItemDays from "../../cell/pipelines/dv360_line_item_days.json";
import { changesBetween } from "../src/lib/json-changes.ts";
import { refuse } from "./reply.ts";
import { ago, user } from "./state.ts";

type Layer = Record<string, unknown>;
type Version = {
  version: number;
  changed_at: string;
  changed_by: string;
  diff: unknown[];
  comment: string;
  layer: Layer | null;
};
type Shipped = typeof lineItemDays | typeof advertiserDays | typeof deviceDays;

const SHIPPED: Shipped[] = [lineItemDays, deviceDays, advertiserDays];
const versions = new Map<string, Version[]>([
  [
    "dv360_line_item_days",
    [
      {
        version: 2,
        changed_at: ago(190),
        changed_by: user.user_id,
        diff: [],
        comment: "Read 60 days at first",
        layer: { window: { first_days: 60 } },
      },
      {
        version: 1,
        changed_at: ago(1440 * 9),
        changed_by: "user_0190",
        diff: [],
        comment: "Keep new columns",
        layer: { contract: { new_column: "evolve" } },
      },
    ],
  ],
]);
const off = new Set(["dv360_device_days"]);

const ofPipeline = (name: string) => versions.get(name) ?? [];
const laid = (shipped: Shipped, layer: Layer | null | undefined) =>
  Object.fromEntries(
    Object.entries({ ...shipped, ...layer }).map(([key, value]) => {
      const below = (shipped as Layer)[key];
      const merges = key !== "columns" && typeof value === "object" && !Array.isArray(value);
      return [
        key,
        merges ? { ...(below as Layer), ...(value as Layer) } : key === "columns" ? below : value,
      ];
    }),
  );

export const pipelineHandlers = [
  http.get("*/api/pipelines", () =>
    HttpResponse.json({
      items: SHIPPED.map((spec) => ({
        pipeline: spec.pipeline,
        title: spec.title,
        enabled: !off.has(spec.pipeline),
        dataset: spec.dataset,
        connector: spec.source.connector,
        dsp: "dv360",
        built_in_version: spec.version,
        layer_version: ofPipeline(spec.pipeline)[0]?.version ?? 0,
        changed: ofPipeline(spec.pipeline).length > 0,
        problems: 0,
      })),
    }),
  ),
  http.get<{ name: string }>("*/api/pipelines/:name", ({ params }) => {
    const shipped = SHIPPED.find((spec) => spec.pipeline === params.name);
    if (shipped === undefined) return refuse(404, "pipeline_not_found", "No such pipeline.");
    const [last] = ofPipeline(params.name);
    return HttpResponse.json({
      pipeline: params.name,
      enabled: !off.has(params.name),
      effective: laid(shipped, last?.layer),
      pipeline_version: `${params.name}@${shipped.version}+${last?.version ?? 0}/2`,
      held_back: false,
      built_in: shipped,
      layer: last?.layer ?? null,
      layer_version: last?.version ?? 0,
      diff: changesBetween(shipped, laid(shipped, last?.layer)),
      problems: [],
      conflicts: [],
    });
  }),
  http.get<{ name: string }>("*/api/pipelines/:name/versions", ({ params }) =>
    HttpResponse.json({ items: ofPipeline(params.name) }),
  ),
  http.post("*/api/pipelines/:name/check", async ({ request }) => {
    const { layer } = (await request.json()) as {
      layer: { window?: { first_days?: number } } | null;
    };
    const tooMany = (layer?.window?.first_days ?? 0) > 90;
    return HttpResponse.json({
      valid: !tooMany,
      diff: [],
      problems: tooMany
        ? [{ weight: "error", path: "/window/first_days", message: "the source keeps 90 days" }]
        : [],
    });
  }),
  http.put<{ name: string }>("*/api/pipelines/:name/layer", async ({ request, params }) => {
    const { layer, comment } = (await request.json()) as { layer: Layer | null; comment: string };
    const all = ofPipeline(params.name);
    const version = (all[0]?.version ?? 0) + 1;
    versions.set(params.name, [
      { version, changed_at: ago(0), changed_by: user.user_id, diff: [], comment, layer },
      ...all,
    ]);
    return HttpResponse.json({ layer_version: version });
  }),
  http.put<{ name: string }>("*/api/pipelines/:name/enabled", async ({ request, params }) => {
    const { enabled } = (await request.json()) as { enabled: boolean };
    if (enabled) off.delete(params.name);
    else off.add(params.name);
    return HttpResponse.json({ enabled });
  }),
];

export const dryRunHandler = http.post("*/api/pipelines/:name/dry-run", () =>
  HttpResponse.json({
    bronze_id: "brz_018f2c6a77",
    accepted: true,
    refusal: null,
    rows: 5_684,
    control_total: true,
    drifts: [{ column: "Viewable Impressions", change: "new", action: "freeze" }],
    warnings: [{ column: "clicks", message: "clicks are more than impressions", rows: 2 }],
    sample: [8, 9, 10].map((line) => ({
      line,
      date: "2026-11-21",
      advertiser_id: "5120044",
      campaign_id: "901",
      insertion_order_id: "1018200000",
      line_item_id: `10182000${line}`,
      currency: "EUR",
      breakdown: "",
      metrics: { impressions: 41_230 + line, clicks: 97, revenue: 184_220_000 },
    })),
    difference: {
      days_equal: 34,
      days_different: 1,
      days_new: 0,
      cells: [
        {
          advertiser_id: "5120044",
          date: "2026-11-21",
          metric: "revenue",
          before: 12_220_000,
          after: 12_640_000,
        },
      ],
    },
  }),
);
