// One insertion order in full: believable days, segments, line items and explanations.
import type {
  Explanation,
  PacingDay,
  PacingDetail,
  PacingRow,
  SegmentPacing,
} from "../src/api/types.ts";
import { addDays } from "../src/lib/dates.ts";
import { MICROS, random, TODAY } from "./pacing-data.ts";

export function detailOf(row: PacingRow): PacingDetail {
  const days = daysOf(row);
  return {
    row,
    days,
    plan: planOf(row),
    segments: row.start_date ? [pastSegment(row), segmentOf(row)] : [],
    line_items: [0.46, 0.31, 0.23].map((share, index) => lineItemOf(row, share, index)),
    explain: row.start_date ? explain(row) : [],
    calendar: null,
  };
}

function lineItemOf(row: PacingRow, share: number, index: number): PacingRow {
  const part = (micros: number | null | undefined) => Math.round((micros ?? 0) * share);
  const unlimited = index === 2;
  const id = `${row.insertion_order_id}${index}`;
  return {
    ...row,
    level: "line_item",
    id,
    row_key: `dv360/${id}`,
    name: `${row.name}_${["Prospecting", "Retargeting", "Contextual"][index]}`,
    kind: unlimited ? "video_default" : "display_default",
    allocation: unlimited ? "unlimited" : "fixed",
    budget_micros: unlimited ? null : part(row.budget_micros),
    spend_micros: part(row.spend_micros),
    expected_micros: part(row.expected_micros),
    pacing_percent: unlimited ? null : (row.pacing_percent ?? null),
    yesterday_micros: part(row.yesterday_micros),
    underspend_at_risk_micros: part(row.underspend_at_risk_micros),
  };
}

function segmentOf(row: PacingRow): SegmentPacing {
  const { spend_micros, expected_micros, remaining_micros, days_total, days_elapsed } = row;
  return {
    start_date: row.start_date ?? TODAY,
    end_date: row.end_date ?? TODAY,
    budget_micros: row.budget_micros ?? 0,
    description: "",
    spend_micros,
    expected_micros,
    pacing_percent: row.pacing_percent ?? null,
    remaining_micros,
    days_total,
    days_elapsed,
    status: row.status,
    edits: [],
  };
}

function pastSegment(row: PacingRow): SegmentPacing {
  const end = addDays(row.start_date ?? TODAY, -1);
  const budget = Math.round((row.budget_micros ?? 0) * 0.8);
  return {
    start_date: addDays(end, -29),
    end_date: end,
    budget_micros: budget,
    description: "PO 4471",
    spend_micros: Math.round(budget * 0.994),
    expected_micros: budget,
    pacing_percent: "99.40",
    remaining_micros: Math.round(budget * 0.006),
    days_total: 30,
    days_elapsed: 30,
    status: "ended",
    edits: [],
  };
}

function planOf(row: PacingRow): PacingDetail["plan"] {
  const { start_date: start, budget_micros: budget, days_total: total } = row;
  if (start == null) return [];
  return Array.from({ length: total }, (_, index) => ({
    date: addDays(start, index),
    cumulative_micros: Math.round(((budget ?? 0) * (index + 1)) / total),
  }));
}

function daysOf(row: PacingRow): PacingDay[] {
  const { start_date: start, budget_micros: budget, days_elapsed: elapsed } = row;
  if (start == null || elapsed === 0) return [];
  const next = random(row.days_total * 31 + elapsed);
  const weights = Array.from({ length: elapsed }, () => 0.7 + 0.6 * next());
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let cumulative = 0;
  return weights.map((weight, index) => {
    const spend = Math.round((row.spend_micros * weight) / sum);
    cumulative += spend;
    return {
      date: addDays(start, index),
      spend_micros: spend,
      cumulative_micros: cumulative,
      plan_cumulative_micros: Math.round(((budget ?? 0) * (index + 1)) / row.days_total),
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
  const budget = row.budget_micros;
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
