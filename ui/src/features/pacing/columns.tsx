// The columns of the pacing table: how each is sorted and shown.
import type { PacingLevel, PacingRow } from "../../api/types.ts";
import { day, dayRange } from "../../lib/dates.ts";
import { count, decimal } from "../../lib/money.ts";
import { Chip, PACING } from "../../ui/Chip.tsx";
import { Sparkline } from "../../ui/Sparkline.tsx";
import { Amount, Name, Share, Text } from "./cells.tsx";
import { DEFAULT_LEVEL, wordsOf } from "./levels.ts";
import { PacingBar } from "./PacingBar.tsx";
import { countsImpressions, doneWord, unitOf } from "./words.ts";

export type PacingColumn = {
  /** The name by which the cell sorts it, which is also what the address says. */
  id: string;
  header: string;
  /** Amounts name their unit in the header when all rows share it. */
  unit?: "money" | "%" | "days";
  hidden?: boolean;
  fixed?: boolean;
  /** Only where it says something. */
  levels?: readonly PacingLevel[];
  value: (row: PacingRow) => string | number | undefined;
  cell: (row: PacingRow) => React.ReactNode;
};

/** Not what is summed up. */
const SINGLE: readonly PacingLevel[] = ["insertion_order", "line_item"];

export const COLUMNS: readonly PacingColumn[] = [
  {
    id: "name",
    header: "Insertion order",
    fixed: true,
    value: (row) => row.name,
    cell: (row) => <Name row={row} />,
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
  moneyColumn("ahead_micros", "Ahead", (row) => row.ahead_micros, true),
  {
    id: "days_ahead",
    header: "Days ahead",
    unit: "days",
    hidden: true,
    levels: SINGLE,
    value: (row) => (row.days_ahead == null ? undefined : Number(row.days_ahead)),
    cell: (row) => <span className="quiet">{decimal(row.days_ahead)}</span>,
  },
  moneyColumn("needed_per_day_micros", "Needed / day", (row) => row.needed_per_day_micros),
  moneyColumn("average_per_day_micros", "Avg / day", (row) => row.average_per_day_micros),
  moneyColumn(
    "last_week_per_day_micros",
    "7 days / day",
    (row) => row.last_week_per_day_micros,
    true,
  ),
  moneyColumn("target_next_day_micros", "Next day", (row) => row.target_next_day_micros, true),
  moneyColumn("projected_end_micros", "Projected", (row) => row.projected_end_micros),
  moneyColumn("underspend_at_risk_micros", "At risk", (row) => row.underspend_at_risk_micros),
  {
    ...moneyColumn("cap_short_micros", "Held back", (row) => row.cap_short_micros, true),
    levels: SINGLE,
  },
  {
    id: "used_up_on",
    header: "Used up",
    hidden: true,
    levels: SINGLE,
    value: (row) => row.used_up_on ?? undefined,
    cell: (row) => row.used_up_on && <span className="num quiet">{day(row.used_up_on)}</span>,
  },
  {
    id: "insertion_order_name",
    header: "Insertion order",
    levels: ["line_item"],
    value: (row) => row.insertion_order_name,
    cell: (row) => <Text text={row.insertion_order_name} />,
  },
  {
    id: "order_count",
    header: "Orders",
    levels: ["campaign", "advertiser", "portfolio"],
    value: (row) => row.order_count,
    cell: (row) => <span className="num quiet">{count(row.order_count)}</span>,
  },
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
  hidden = false,
): PacingColumn {
  return {
    id,
    header,
    hidden,
    unit: "money",
    value: (row) => micros(row) ?? undefined,
    cell: (row) => (
      <Amount micros={micros(row)} row={row} strong={id === "underspend_at_risk_micros"} />
    ),
  };
}

/** What the rows have in common, for the headers: their unit, and whether it is money. */
export type Shared = {
  unit: string | null;
  money: boolean;
  impressions: boolean;
  level: PacingLevel | undefined;
};

export function sharedBy(rows: readonly PacingRow[]): Shared {
  const units = new Set(rows.map(unitOf));
  const [first] = units;
  const impressions = rows.some(countsImpressions);
  return {
    unit: units.size === 1 && first !== undefined ? first : null,
    money: !impressions || units.size > 1,
    impressions,
    level: rows[0]?.level,
  };
}

/** Those that say something of a level. */
export function columnsOf(level: PacingLevel | undefined): readonly PacingColumn[] {
  return COLUMNS.filter(({ levels }) => levels?.includes(level ?? DEFAULT_LEVEL) ?? true);
}

export function headerText(column: PacingColumn, shared: Shared): string {
  if (column.id === "name") return wordsOf(shared.level).one;
  const header = column.id === "spend_micros" ? doneHeader(shared) : column.header;
  if (column.unit === "%") return `${header} (%)`;
  return column.unit === "money" && shared.unit ? `${header} (${shared.unit})` : header;
}

function doneHeader({ money, impressions }: Shared): string {
  if (!impressions) return "Spent";
  return money ? "Spent / delivered" : "Delivered";
}
