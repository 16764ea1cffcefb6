// Believable pacing figures, the same on every run for the same day.
import type { PacingList, PacingRow, PacingStatus } from "../src/api/types.ts";
import { addDays, todayIn } from "../src/lib/dates.ts";

export const TODAY = todayIn("UTC");
export const MICROS = 1_000_000;

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

export function random(seed: number) {
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
  const micros = (value: number) => Math.round(value * MICROS);
  const some = <T>(value: T) => (noBudget || elapsed === 0 ? null : value);
  const id = String(1_018_200_000 + index * 7919);
  const name = `${market}_${campaign}_${channel}_${1 + (index % 4)}`.replaceAll(" ", "-");
  return {
    level: "insertion_order",
    id,
    row_key: `dv360/${id}`,
    name,
    dsp: "dv360",
    advertiser_id: advertiser.advertiser_id,
    advertiser_name: advertiser.name,
    campaign_id: String(52_000_000 + index * 31),
    campaign_name: campaign,
    insertion_order_id: id,
    insertion_order_name: name,
    budget_unit: index % 9 === 2 ? "impressions" : "currency",
    currency: advertiser.currency,
    entity_status: "active",
    kind: "",
    allocation: "",
    pacing_period: "flight",
    pacing_type: "even",
    daily_max_micros: null,
    start_date: noBudget ? null : start,
    end_date: noBudget ? null : addDays(start, total - 1),
    budget_micros: noBudget ? null : budget * MICROS,
    description: "",
    order_count: 1,
    spend_micros: micros(spend),
    expected_micros: noBudget ? 0 : expected * MICROS,
    judged_by_micros: noBudget ? 0 : expected * MICROS,
    ahead_micros: noBudget ? 0 : micros(spend - expected),
    pacing_percent: some(pacing?.toFixed(2) ?? null),
    restated_percent: null,
    percent_ahead: some(((pacing ?? 100) - 100).toFixed(2)),
    days_ahead: some((elapsed * ((pacing ?? 100) / 100 - 1)).toFixed(2)),
    remaining_micros: noBudget ? 0 : micros(remaining),
    needed_per_day_micros: noBudget || left === 0 ? null : micros(remaining / left),
    target_next_day_micros: noBudget || left === 0 ? null : micros(remaining / left),
    average_per_day_micros: elapsed ? micros(average) : null,
    last_week_per_day_micros: elapsed ? micros(average * 1.02) : null,
    yesterday_micros: elapsed ? (spark[13] ?? 0) : 0,
    projected_end_micros: some(micros(projected)),
    projected_low_micros: some(micros(projected * 0.95)),
    projected_high_micros: some(micros(projected * 1.04)),
    used_up_on: projected > budget && left > 2 ? some(addDays(start, total - 2)) : null,
    underspend_at_risk_micros: some(Math.max(0, micros(budget - projected))) ?? 0,
    at_risk_percent: some((Math.max(0, 1 - projected / budget) * 100).toFixed(2)),
    cap_kind: some("budget" as const),
    cap_left_micros: some(micros(remaining)),
    cap_short_micros: some(0),
    days_total: total,
    days_elapsed: elapsed,
    provisional_days: Math.min(elapsed, 2),
    through: addDays(TODAY, -1),
    status,
    spark,
  };
}

export function totalsOf(rows: readonly PacingRow[]): PacingList["totals"] {
  const unitOf = (row: PacingRow) => (row.budget_unit === "currency" ? row.currency : null);
  const units = [...new Set(rows.map(unitOf))].sort((a, b) => (a ?? "~").localeCompare(b ?? "~"));
  return units.map((currency) => {
    const of = rows.filter((row) => unitOf(row) === currency);
    const sum = (pick: (row: PacingRow) => number) => of.reduce((all, row) => all + pick(row), 0);
    const [spend, expected] = [sum((row) => row.spend_micros), sum((row) => row.expected_micros)];
    return {
      budget_unit: currency === null ? "impressions" : "currency",
      currency,
      budget_micros: sum((row) => row.budget_micros ?? 0),
      spend_micros: spend,
      expected_micros: expected,
      pacing_percent: expected > 0 ? ((100 * spend) / expected).toFixed(2) : null,
      at_risk_micros: sum((row) => row.underspend_at_risk_micros),
      count: of.length,
    };
  });
}

export function windowOf(): { start: string; end: string } {
  return { start: addDays(TODAY, -90), end: addDays(TODAY, -1) };
}

export function throughOf(late: boolean): string {
  return addDays(TODAY, late ? -6 : -1);
}
