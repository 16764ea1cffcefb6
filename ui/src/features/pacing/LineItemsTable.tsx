import type { LinePacing, PacingRow } from "../../api/types.ts";
import { amount, decimal } from "../../lib/money.ts";
import { Chip, PACING } from "../../ui/Chip.tsx";
import { MiddleText } from "../../ui/MiddleText.tsx";
import { Sparkline } from "../../ui/Sparkline.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./OrderPage.module.css";
import { doneWord, unitOf } from "./words.ts";

/** A line item without a budget of its own lives from the insertion order's. */
const SHARES: Record<string, string> = { automatic: "Automatic", unlimited: "Unlimited" };

type Props = { items: readonly LinePacing[]; row: PacingRow };

export function LineItemsTable({ items, row }: Props) {
  if (items.length === 0) return null;
  const unit = unitOf(row);
  return (
    <section className={classes.section} aria-labelledby="line-items">
      <h2 id="line-items">
        Line items <span className="quieter">{items.length}</span>
      </h2>
      <TableFrame label="Line items, table">
        <table className={`${table.table} ${table.sticky}`}>
          <thead>
            <tr>
              <th>Line item</th>
              <th>Status</th>
              <th>Type</th>
              <th data-num>Pacing (%)</th>
              <th data-num>Budget ({unit})</th>
              <th data-num>
                {doneWord(row)} ({unit})
              </th>
              <th data-num>Expected ({unit})</th>
              <th data-num>Yesterday ({unit})</th>
              <th data-num>At risk ({unit})</th>
              <th>Last {items[0]?.spark.length ?? 14} days</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                <td>
                  <span className={`${table.name} ${classes.lineName}`}>
                    <MiddleText text={item.name} />
                  </span>
                </td>
                <td>
                  <Chip status={PACING[item.status]} />
                </td>
                <td className="quiet">{word(item.kind)}</td>
                <td data-num>{decimal(item.pacing_percent)}</td>
                <td data-num>
                  {item.budget_micros == null
                    ? SHARES[item.allocation]
                    : amount(item.budget_micros)}
                </td>
                <td data-num>{amount(item.spend_micros)}</td>
                <td data-num>{amount(item.expected_micros)}</td>
                <td data-num>{amount(item.yesterday_micros)}</td>
                <td data-num>{amount(item.underspend_at_risk_micros)}</td>
                <td>
                  <Sparkline values={item.spark} label={`${doneWord(row)} per day`} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

/** LINE_ITEM_TYPE_VIDEO_DEFAULT reads as "Video default". */
function word(value: string): string {
  const text = value.replace("LINE_ITEM_TYPE_", "").replaceAll("_", " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
