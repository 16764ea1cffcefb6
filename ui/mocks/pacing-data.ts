// Believable pacing figures, the same on every run for the same day.
import type {
  Explanation,
  PacingDay,
  PacingDetail,
  PacingList,
  PacingRow,
  PacingStatus,
  SegmentPacing,
} from "../src/api/types.ts";
import { addDays, todayIn } from "../src/lib/dates.ts";

export const TODAY = todayIn("UTC");
const MICROS = 1_000_000;

export const ADVERTISERS = [
  {
    advertiser_id: "4918231",
    name: "Nordlicht Outdoor",
    currency: "EUR",
    time_zone: "Europe/Berlin",
  },
  {
    advertiser_id: "4918377",
    name: "Kestrel Airways",
    currency: "GBP",
    time_zone: "Europe/London",
  },
  { advertiser_id: "5120044", name: "Halden Bank", currency: "EUR", time_zone: "Europe/Oslo" },
  {
    advertiser_id: "5120981",
    name: "Fjord & Fern Groceries",
    currency: "EUR",
    time_zone: "Europe/Oslo",
  },
  { advertiser_id: "6003310", name: "Marlow Home", currency: "GBP", time_zone: "Europe/London" },
];

const CAMPAIGNS = ["Autumn launch", "Always on", "Retail week", "Brand lift Q4", "Winter sale"];
const CHANNELS = ["Video", "Display", "Audio", "CTV", "YouTube", "Native"];
const MARKETS = ["DE", "UK", "NO", "SE", "FR"];

function random(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

export function rowsOf(count: number): PacingRow[] {
  return Array.from({ length: count }, (_, index) => rowAt(index));
}

function rowAt(index: number): PacingRow {
  const next = random(index * 977 + 13);
  const advertiser = ADVERTISERS[index % ADVERTISERS.length] ?? ADVERTISERS[0];
  if (advertiser === undefined) throw new Error("no advertisers");
  const campaign = CAMPAIGNS[Math.floor(next() * CAMPAIGNS.length)] ?? "";
  const channel = CHANNELS[Math.floor(next() * CHANNELS.length)] ?? "";
  const market = MARKETS[Math.floor(next() * MARKETS.length)] ?? "";
  const total = [14, 30, 30, 31, 61, 90][Math.floor(next() * 6)] ?? 30;
  const elapsed = index % 11 === 10 ? 0 : Math.max(1, Math.floor(total * (0.15 + 0.7 * next())));
  const start = addDays(TODAY, elapsed === 0 ? 3 : -elapsed);
  const budget = Math.round(4_000 + next() * next() * 240_000);
  const expected = Math.round((budget * elapsed) / total);
  const skill = [0.98, 1.01, 0.72, 1.0, 0.88, 1.16, 0.99, 0.61, 1.02, 0.95][index % 10] ?? 1;
  const spend = Math.round(expected * skill * 100) / 100;
  const noBudget = index % 17 === 16;
  const average = elapsed ? spend / elapsed : 0;
  const left = total - elapsed;
  const remaining = Math.max(0, budget - spend);
  const projected = spend + average * left;
  const pacing = expected ? (spend / expected) * 100 : null;
  const status: PacingStatus = noBudget
    ? "no_budget"
    : elapsed === 0
      ? "not_started"
      : (pacing ?? 0) < 95
        ? "behind"
        : (pacing ?? 0) > 110
          ? "ahead"
          : "on_pace";
  const spark = Array.from({ length: 14 }, (_, day) =>
    day >= 14 - elapsed ? Math.round(average * (0.7 + 0.6 * next()) * MICROS) : 0,
  );
  return {
    insertion_order_id: String(1_018_200_000 + index * 7919),
    name: `${market}_${campaign}_${channel}_${1 + (index % 4)}`.replaceAll(" ", "-"),
    advertiser_id: advertiser.advertiser_id,
    advertiser_name: advertiser.name,
    campaign_id: String(52_000_000 + index * 31),
    campaign_name: campaign,
    currency: advertiser.currency,
    entity_status: "ENTITY_STATUS_ACTIVE",
    pacing_period: "PACING_PERIOD_FLIGHT",
    pacing_type: "PACING_TYPE_EVEN",
    segment: noBudget
      ? null
      : {
          start,
          end: addDays(start, total - 1),
          budget_micros: budget * MICROS,
          description: "",
        },
    budget_unit: "currency",
    spend_micros: Math.round(spend * MICROS),
    delivered: null,
    expected_micros: noBudget ? 0 : expected * MICROS,
    pacing_percent: noBudget || pacing === null ? null : pacing.toFixed(2),
    percent_ahead: noBudget || pacing === null ? null : (pacing - 100).toFixed(2),
    days_ahead: noBudget || pacing === null ? null : (elapsed * (pacing / 100 - 1)).toFixed(2),
    remaining_micros: noBudget ? 0 : Math.round(remaining * MICROS),
    needed_per_day_micros: noBudget || left === 0 ? null : Math.round((remaining / left) * MICROS),
    average_per_day_micros: elapsed ? Math.round(average * MICROS) : null,
    yesterday_micros: elapsed ? (spark[13] ?? 0) : 0,
    projected_end_micros: noBudget || !elapsed ? null : Math.round(projected * MICROS),
    underspend_at_risk_micros:
      noBudget || !elapsed ? 0 : Math.max(0, Math.round((budget - projected) * MICROS)),
    days_total: total,
    days_elapsed: elapsed,
    status,
    spark,
  };
}

export function totalsOf(rows: readonly PacingRow[]): PacingList["totals"] {
  const currencies = [...new Set(rows.map((row) => row.currency))].sort();
  return currencies.map((currency) => {
    const of = rows.filter((row) => row.currency === currency);
    const sum = (pick: (row: PacingRow) => number) => of.reduce((all, row) => all + pick(row), 0);
    return {
      currency,
      budget_micros: sum((row) => row.segment?.budget_micros ?? 0),
      spend_micros: sum((row) => row.spend_micros),
      expected_micros: sum((row) => row.expected_micros),
      at_risk_micros: sum((row) => row.underspend_at_risk_micros),
      count: of.length,
    };
  });
}

export function detailOf(row: PacingRow): PacingDetail {
  const days = daysOf(row);
  return {
    row,
    days,
    segments: row.segment
      ? [segmentOf(pastSegment(row)), segmentOf({ ...row, ...row.segment })]
      : [],
    line_items: [0.46, 0.31, 0.23].map((share, index) => ({
      line_item_id: `${row.insertion_order_id}${index}`,
      name: `${row.name}_${["Prospecting", "Retargeting", "Contextual"][index]}`,
      kind: index === 2 ? "video_default" : "display_default",
      allocation: index === 2 ? "unlimited" : "fixed",
      pacing_period: "flight",
      pacing_type: "even",
      underspend_at_risk_micros: Math.round(row.underspend_at_risk_micros * share),
      spark: row.spark,
      entity_status: "ENTITY_STATUS_ACTIVE",
      budget_micros: index === 2 ? null : Math.round((row.segment?.budget_micros ?? 0) * share),
      spend_micros: Math.round(row.spend_micros * share),
      expected_micros: Math.round(row.expected_micros * share),
      pacing_percent: index === 2 ? null : row.pacing_percent,
      yesterday_micros: Math.round((row.yesterday_micros ?? 0) * share),
      status: row.status,
    })),
    explain: row.segment ? explain(row) : [],
  };
}

function segmentOf(segment: SegmentPacing): SegmentPacing {
  const { start, end, budget_micros, description, spend_micros, expected_micros } = segment;
  const { pacing_percent, remaining_micros, days_total, days_elapsed, status } = segment;
  return {
    start,
    end,
    budget_micros,
    description,
    spend_micros,
    expected_micros,
    pacing_percent,
    remaining_micros,
    days_total,
    days_elapsed,
    status,
  };
}

function pastSegment(row: PacingRow) {
  const end = addDays(row.segment?.start ?? TODAY, -1);
  const budget = Math.round((row.segment?.budget_micros ?? 0) * 0.8);
  return {
    start: addDays(end, -29),
    end,
    budget_micros: budget,
    description: "PO 4471",
    spend_micros: Math.round(budget * 0.994),
    expected_micros: budget,
    pacing_percent: "99.40" as string | null,
    remaining_micros: Math.round(budget * 0.006),
    days_total: 30,
    days_elapsed: 30,
    status: "ended" as PacingStatus,
  };
}

function daysOf(row: PacingRow): PacingDay[] {
  const { segment, days_elapsed: elapsed } = row;
  if (segment == null || elapsed === 0) return [];
  const next = random(row.days_total * 31 + elapsed);
  const weights = Array.from({ length: elapsed }, () => 0.7 + 0.6 * next());
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let cumulative = 0;
  return weights.map((weight, index) => {
    const spend = Math.round((row.spend_micros * weight) / sum);
    cumulative += spend;
    return {
      date: addDays(segment.start, index),
      spend_micros: spend,
      cumulative_micros: cumulative,
      plan_cumulative_micros: Math.round((segment.budget_micros * (index + 1)) / row.days_total),
      provisional: index >= elapsed - 2,
    };
  });
}

function explain(row: PacingRow): Explanation[] {
  const left = row.days_total - row.days_elapsed;
  const m = (micros: number | null | undefined) =>
    micros == null
      ? "–"
      : new Intl.NumberFormat("en", { maximumFractionDigits: 2 }).format(micros / MICROS);
  const money = (micros: number | null | undefined) => `${row.currency} ${m(micros)}`;
  const budget = row.segment?.budget_micros;
  const make = (key: string, label: string, formula: string, filled: string, value: string) => ({
    key,
    label,
    formula,
    filled,
    value,
  });
  return [
    make(
      "pacing_percent",
      "Pacing",
      "spent / expected",
      `${m(row.spend_micros)} / ${m(row.expected_micros)}`,
      `${row.pacing_percent} %`,
    ),
    make(
      "spend_micros",
      "Spent",
      "sum of revenue on the complete days of the segment",
      `${row.days_elapsed} days, sum ${m(row.spend_micros)}`,
      money(row.spend_micros),
    ),
    make(
      "expected_micros",
      "Expected by now",
      "budget × complete days / all days",
      `${m(budget)} × ${row.days_elapsed} / ${row.days_total}`,
      money(row.expected_micros),
    ),
    make(
      "remaining_micros",
      "Remaining",
      "max(0, budget − spent)",
      `max(0, ${m(budget)} − ${m(row.spend_micros)})`,
      money(row.remaining_micros),
    ),
    make(
      "needed_per_day_micros",
      "Needed per day",
      "remaining / days left",
      `${m(row.remaining_micros)} / ${left}`,
      money(row.needed_per_day_micros),
    ),
    make(
      "average_per_day_micros",
      "Average per day",
      "spent / complete days",
      `${m(row.spend_micros)} / ${row.days_elapsed}`,
      money(row.average_per_day_micros),
    ),
    make(
      "projected_end_micros",
      "Projected at end",
      "spent + average per day × days left",
      `${m(row.spend_micros)} + ${m(row.average_per_day_micros)} × ${left}`,
      money(row.projected_end_micros),
    ),
    make(
      "underspend_at_risk_micros",
      "At risk",
      "max(0, budget − projected at end)",
      `max(0, ${m(budget)} − ${m(row.projected_end_micros)})`,
      money(row.underspend_at_risk_micros),
    ),
  ];
}

export function windowOf(): { start: string; end: string } {
  return { start: addDays(TODAY, -90), end: addDays(TODAY, -1) };
}

export function throughOf(late: boolean): string {
  return addDays(TODAY, late ? -6 : -1);
}
