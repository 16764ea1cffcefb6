// The columns of the pacing table: how each is sorted, shown and exported.
import type { PacingRow } from "../../api/types.ts";
import { dayRange } from "../../lib/dates.ts";
import { amount, decimal, exactMoney } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip, PACING } from "../../ui/Chip.tsx";
import { MiddleText } from "../../ui/MiddleText.tsx";
import { Sparkline } from "../../ui/Sparkline.tsx";
import table from "../../ui/table.module.css";
import { PacingBar } from "./PacingBar.tsx";
import classes from "./PacingTable.module.css";
import { countsImpressions, doneWord, unitOf } from "./words.ts";

export type PacingColumn = {
  /** The name by which the cell sorts it, which is also what the address says. */
  id: string;
  header: string;
  /** Amounts name their unit in the header when all rows share it. */
  unit?: "money" | "%";
  hidden?: boolean;
  fixed?: boolean;
  /** For the CSV. */
  value: (row: PacingRow) => string | number | undefined;
  cell: (row: PacingRow) => React.ReactNode;
};

export const COLUMNS: readonly PacingColumn[] = [
  {
    id: "name",
    header: "Insertion order",
    fixed: true,
    value: (row) => row.name,
    cell: (row) => (
      <AppLink
        to={org.insertionOrder(row.insertion_order_id)}
        className={`${table.name} ${classes.order}`}
        data-row
      >
        <MiddleText text={row.name} className={classes.orderName} />
        <span className={classes.orderStatus}>
          <Chip status={PACING[row.status]} />
        </span>
      </AppLink>
    ),
  },
  {
    id: "status",
    header: "Status",
    value: (row) => PACING[row.status].word,
    cell: (row) => <Chip status={PACING[row.status]} />,
  },
  {
    id: "pacing_percent",
    header: "Pacing",
    unit: "%",
    value: (row) => (row.pacing_percent == null ? undefined : Number(row.pacing_percent)),
    cell: (row) => <PacingBar percentText={row.pacing_percent} />,
  },
  {
    id: "at_risk_percent",
    header: "At risk",
    unit: "%",
    value: (row) => (row.at_risk_percent == null ? undefined : Number(row.at_risk_percent)),
    cell: (row) => <Share text={row.at_risk_percent} />,
  },
  {
    id: "spark",
    header: "Last 14 days",
    value: () => undefined,
    cell: (row) => (
      <Sparkline
        values={row.spark}
        label={`${doneWord(row)} per day, last ${row.spark.length} complete days`}
      />
    ),
  },
  {
    id: "currency",
    header: "Unit",
    fixed: true,
    value: unitOf,
    cell: (row) => <span className="quiet">{unitOf(row)}</span>,
  },
  moneyColumn("spend_micros", "Spent", (row) => row.spend_micros),
  moneyColumn("expected_micros", "Expected", (row) => row.expected_micros),
  moneyColumn("budget_micros", "Budget", (row) => row.budget_micros),
  moneyColumn("needed_per_day_micros", "Needed / day", (row) => row.needed_per_day_micros),
  moneyColumn("average_per_day_micros", "Avg / day", (row) => row.average_per_day_micros),
  moneyColumn("projected_end_micros", "Projected", (row) => row.projected_end_micros),
  moneyColumn("underspend_at_risk_micros", "At risk", (row) => row.underspend_at_risk_micros),
  {
    id: "advertiser_name",
    header: "Advertiser",
    value: (row) => row.advertiser_name,
    cell: (row) => <Text text={row.advertiser_name} />,
  },
  {
    id: "start_date",
    header: "Flight",
    value: (row) => row.start_date ?? undefined,
    cell: (row) =>
      row.start_date &&
      row.end_date && <span className="num quiet">{dayRange(row.start_date, row.end_date)}</span>,
  },
  {
    id: "days_elapsed",
    header: "Days",
    hidden: true,
    value: (row) => row.days_elapsed,
    cell: (row) => (
      <span className="num quiet">
        {row.days_elapsed} / {row.days_total}
      </span>
    ),
  },
  {
    id: "campaign_name",
    header: "Campaign",
    hidden: true,
    value: (row) => row.campaign_name,
    cell: (row) => <Text text={row.campaign_name} />,
  },
];

function moneyColumn(
  id: string,
  header: string,
  micros: (row: PacingRow) => number | null | undefined,
): PacingColumn {
  return {
    id,
    header,
    unit: "money",
    value: (row) => micros(row) ?? undefined,
    cell: (row) => (
      <Amount micros={micros(row)} row={row} strong={id === "underspend_at_risk_micros"} />
    ),
  };
}

type AmountProps = { micros: number | null | undefined; row: PacingRow; strong: boolean };

function Amount({ micros, row, strong }: AmountProps) {
  const exact = countsImpressions(row) ? undefined : exactMoney(micros, row.currency);
  return (
    <span title={exact} className={micros ? (strong ? classes.strong : undefined) : "quieter"}>
      {amount(micros)}
    </span>
  );
}

function Share({ text }: { text: string | null | undefined }) {
  const some = Number(text) > 0;
  return <span className={some ? classes.strong : "quieter"}>{decimal(text)}</span>;
}

function Text({ text }: { text: string }) {
  return (
    <span className={`quiet ${classes.text}`} title={text}>
      {text}
    </span>
  );
}

/** For the CSV: raw figures in whole units, so that a spreadsheet can count with them. */
export function exportValue(column: PacingColumn, row: PacingRow): string | number | null {
  const value = column.value(row);
  if (value === undefined) return null;
  if (column.unit === "money") return Number(value) / 1_000_000;
  return value;
}

/** What the rows have in common, for the headers: their unit, and whether it is money. */
export type Shared = { unit: string | null; money: boolean; impressions: boolean };

export function sharedBy(rows: readonly PacingRow[]): Shared {
  const units = new Set(rows.map(unitOf));
  const [first] = units;
  const impressions = rows.some(countsImpressions);
  return {
    unit: units.size === 1 && first !== undefined ? first : null,
    money: !impressions || units.size > 1,
    impressions,
  };
}

export function headerText(column: PacingColumn, shared: Shared): string {
  const header = column.id === "spend_micros" ? doneHeader(shared) : column.header;
  if (column.unit === "%") return `${header} (%)`;
  return column.unit === "money" && shared.unit ? `${header} (${shared.unit})` : header;
}

function doneHeader({ money, impressions }: Shared): string {
  if (!impressions) return "Spent";
  return money ? "Spent / delivered" : "Delivered";
}
