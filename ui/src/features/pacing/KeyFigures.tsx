// The figures a trader asks for, each of which opens to show how it was made.
import { IconMathFunction } from "@tabler/icons-react";
import type { PacingDetail, PacingRow } from "../../api/types.ts";
import { day, plural } from "../../lib/dates.ts";
import { decimal, exactMoney, percent } from "../../lib/money.ts";
import { explanationOf, unclaimed } from "./explain.ts";
import classes from "./KeyFigures.module.css";
import { countsImpressions, doneWord, figureText } from "./words.ts";

type Figure = {
  key: string;
  label: string;
  value: string;
  /** Beside the value, small; money carries its own. */
  unit?: string | undefined;
  note?: string | undefined;
};

function figures(row: PacingRow): Figure[] {
  const of = (key: string, label: string, micros: number | null | undefined, note?: string) => ({
    key,
    label,
    value: figureText(micros, row),
    unit: micros != null && countsImpressions(row) ? "impressions" : undefined,
    note,
  });
  const budget = row.budget_micros == null ? undefined : `of ${figureText(row.budget_micros, row)}`;
  const left = `over the ${plural(Math.max(0, row.days_total - row.days_elapsed), "day")} left`;
  const needed = row.needed_per_day_micros;
  const share = row.at_risk_percent;
  return [
    {
      key: "pacing_percent",
      label: "Pacing",
      value: percent(row.pacing_percent, undefined, 2),
      note: aheadText(row.days_ahead),
    },
    of("spend_micros", doneWord(row), row.spend_micros, budget),
    of("expected_micros", "Expected by now", row.expected_micros, restatedText(row)),
    of("remaining_micros", "Remaining", row.remaining_micros),
    of("needed_per_day_micros", "Needed per day", needed, needed == null ? undefined : left),
    of("average_per_day_micros", "Average per day", row.average_per_day_micros),
    of("projected_end_micros", "Projected at end", row.projected_end_micros, rangeText(row)),
    of(
      "underspend_at_risk_micros",
      "At risk",
      row.underspend_at_risk_micros,
      capText(row) ?? (share == null ? undefined : `${percent(share)} of the budget`),
    ),
  ];
}

function aheadText(days: string | null | undefined): string | undefined {
  if (days == null) return undefined;
  const count = decimal(String(Math.abs(Number(days))));
  if (Number(days) === 0) return "Exactly on plan";
  return `${count} days ${Number(days) < 0 ? "behind" : "ahead"}`;
}

/** A day that comes too early says more than a range. */
function rangeText(row: PacingRow): string | undefined {
  if (row.used_up_on != null) return `Budget used up on ${day(row.used_up_on)}`;
  const { projected_low_micros: low, projected_high_micros: high } = row;
  if (low == null || high == null || low === high) return undefined;
  return `${figureText(low, row)} to ${figureText(high, row)}`;
}

function restatedText(row: PacingRow): string | undefined {
  if (row.restated_percent == null) return undefined;
  return `Budget was changed; DV360 paces ${percent(row.restated_percent)}`;
}

function capText(row: PacingRow): string | undefined {
  if (!row.cap_short_micros || row.cap_kind == null) return undefined;
  return `${CAPS[row.cap_kind]} ${figureText(row.cap_short_micros, row)}`;
}

const CAPS: Record<NonNullable<PacingRow["cap_kind"]>, string> = {
  budget: "The budget holds back",
  daily_max: "The daily maximum holds back",
  line_items: "Line items hold back",
  order_budget: "The order's budget holds back",
  order_daily_max: "The order's daily maximum holds back",
};

type Props = { detail: PacingDetail; onExplain: (key: string) => void };

export function KeyFigures({ detail, onExplain }: Props) {
  const shown = figures(detail.row);
  const rest = unclaimed(
    detail.explain,
    shown.map((figure) => figure.key),
  );
  return (
    <section aria-label="Key figures">
      <div className={classes.grid}>
        {shown.map((figure) => {
          const explained = explanationOf(detail.explain, figure.key) !== undefined;
          return explained ? (
            <button
              key={figure.key}
              type="button"
              className={classes.figure}
              onClick={() => onExplain(figure.key)}
              title={exact(detail.row, figure.key)}
            >
              <Content figure={figure} />
              <IconMathFunction size={14} className={classes.hint} aria-hidden="true" />
              <span className="sr-only">How this was made</span>
            </button>
          ) : (
            <div key={figure.key} className={classes.figure} title={exact(detail.row, figure.key)}>
              <Content figure={figure} />
            </div>
          );
        })}
      </div>
      {rest.length > 0 && (
        <p className={classes.rest}>
          Also explained:{" "}
          {rest.map((item) => (
            <button
              key={item.key}
              type="button"
              className={classes.link}
              onClick={() => onExplain(item.key)}
            >
              {item.label}
            </button>
          ))}
        </p>
      )}
    </section>
  );
}

function Content({ figure }: { figure: Figure }) {
  return (
    <>
      <span className={classes.label}>{figure.label}</span>
      <span className={classes.value}>
        {figure.value}
        {figure.unit && <span className={classes.unit}> {figure.unit}</span>}
      </span>
      <span className={classes.note}>{figure.note}</span>
    </>
  );
}

function exact(row: PacingRow, key: string): string | undefined {
  const value = row[key as keyof PacingRow];
  return typeof value === "number" && !countsImpressions(row) && key.endsWith("_micros")
    ? exactMoney(value, row.currency)
    : undefined;
}
