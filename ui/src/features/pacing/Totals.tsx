// One line per currency; currencies are never added up.
import type { PacingTotal } from "../../api/types.ts";
import { plural } from "../../lib/dates.ts";
import { exactMoney, money, percent } from "../../lib/money.ts";
import classes from "./Totals.module.css";

export function Totals({ totals }: { totals: readonly PacingTotal[] }) {
  if (totals.length === 0) return null;
  return (
    <section
      aria-label="Totals by currency"
      className={classes.totals}
      data-dense={totals.length > 2 || undefined}
    >
      {totals.map((total) => (
        <dl key={total.currency} className={classes.line}>
          <div className={classes.lead}>
            <dt>{total.currency}</dt>
            <dd className={classes.count}>{plural(total.count, "insertion order")}</dd>
          </div>
          <Cell label="Budget" micros={total.budget_micros} currency={total.currency} />
          <Cell label="Spent" micros={total.spend_micros} currency={total.currency} />
          <Cell label="Expected" micros={total.expected_micros} currency={total.currency} />
          <div>
            <dt>Pacing</dt>
            <dd className={classes.value}>{percent(ratio(total))}</dd>
          </div>
          <Cell label="At risk" micros={total.at_risk_micros} currency={total.currency} />
        </dl>
      ))}
    </section>
  );
}

function Cell({ label, micros, currency }: { label: string; micros: number; currency: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={classes.value} title={exactMoney(micros, currency)}>
        {money(micros, currency)}
      </dd>
    </div>
  );
}

function ratio(total: PacingTotal): string | null {
  return total.expected_micros > 0
    ? String((total.spend_micros / total.expected_micros) * 100)
    : null;
}
