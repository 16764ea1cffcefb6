// One insertion order in full: believable days, segments, line items and explanations.
import type {
  Explanation,
  PacingDay,
  PacingDetail,
  PacingRow,
  PacingStatus,
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

function planOf({ segment, days_total: total }: PacingRow): PacingDetail["plan"] {
  if (segment == null) return [];
  return Array.from({ length: total }, (_, index) => ({
    date: addDays(segment.start, index),
    cumulative_micros: Math.round((segment.budget_micros * (index + 1)) / total),
  }));
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
