// The figures a trader asks for, each of which opens to show how it was made.
import { IconMathFunction } from "@tabler/icons-react";
import type { PacingDetail, PacingRow } from "../../api/types.ts";
import { plural } from "../../lib/dates.ts";
import { amount, decimal, exactMoney, inUnit, money, percent } from "../../lib/money.ts";
import { explanationOf, unclaimed } from "./explain.ts";
import classes from "./KeyFigures.module.css";

type Figure = { key: string; label: string; value: string; note?: string | undefined };

function figures(row: PacingRow): Figure[] {
  // The unit of impressions is said once, in the first note, not beside every figure.
  const show = (micros: number | null | undefined) =>
    row.budget_unit === "impressions" ? amount(micros) : money(micros, row.currency);
  return [
    {
      key: "pacing_percent",
      label: "Pacing",
      value: percent(row.pacing_percent),
      note: aheadText(row.days_ahead),
    },
    {
      key: "spend_micros",
      label: "Spent",
      value: show(row.spend_micros),
      note: row.segment
        ? `of ${inUnit(row.segment.budget_micros, row.budget_unit, row.currency)}`
        : undefined,
    },
    { key: "expected_micros", label: "Expected by now", value: show(row.expected_micros) },
    { key: "remaining_micros", label: "Remaining", value: show(row.remaining_micros) },
    {
      key: "needed_per_day_micros",
      label: "Needed per day",
      value: show(row.needed_per_day_micros),
      note:
        row.needed_per_day_micros == null
          ? undefined
          : `over the ${plural(Math.max(0, row.days_total - row.days_elapsed), "day")} left`,
    },
    {
      key: "average_per_day_micros",
      label: "Average per day",
      value: show(row.average_per_day_micros),
    },
    {
      key: "projected_end_micros",
      label: "Projected at end",
      value: show(row.projected_end_micros),
    },
    {
      key: "underspend_at_risk_micros",
      label: "At risk",
      value: show(row.underspend_at_risk_micros),
    },
  ];
}

function aheadText(days: string | null | undefined): string | undefined {
  if (days == null) return undefined;
  const count = decimal(String(Math.abs(Number(days))));
  if (Number(days) === 0) return "Exactly on plan";
  return `${count} days ${Number(days) < 0 ? "behind" : "ahead"}`;
}

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
      <span className={classes.value}>{figure.value}</span>
      <span className={classes.note}>{figure.note}</span>
    </>
  );
}

function exact(row: PacingRow, key: string): string | undefined {
  const value = row[key as keyof PacingRow];
  return typeof value === "number" && row.budget_unit === "currency" && key.endsWith("_micros")
    ? exactMoney(value, row.currency)
    : undefined;
}
