// Where a day's figure came from: the line items it adds up, and for each the line of the file,
// the report, the query and the pipeline that it was read with.
import { Drawer } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { lineageQuery } from "../../api/lineage.ts";
import type { Lineage, LinePacing, PacingDetail, PacingRow } from "../../api/types.ts";
import { day, plural } from "../../lib/dates.ts";
import { exactMoney } from "../../lib/money.ts";
import { MiddleText } from "../../ui/MiddleText.tsx";
import { LineageChain } from "./LineageChain.tsx";
import classes from "./LineagePanel.module.css";
import { countsImpressions, doneWord, figureText, unitOf } from "./words.ts";

const ASKED_AT_ONCE = 40;

type Props = {
  detail: PacingDetail;
  date: string | undefined;
  /** The line item whose origin is open. */
  open: string | undefined;
  onOpen: (lineItemId: string | undefined) => void;
  onClose: () => void;
};

export function LineagePanel({ detail, date, open, onOpen, onClose }: Props) {
  const total = detail.days.find((item) => item.date === date);
  return (
    <Drawer
      opened={date !== undefined}
      onClose={onClose}
      position="right"
      size={520}
      title={date && `${doneWord(detail.row)} on ${day(date)}`}
    >
      {date && (
        <div className="stack">
          {total && (
            <p className={classes.total}>
              {figureText(total.spend_micros, detail.row)}{" "}
              {countsImpressions(detail.row) && <span className="quieter">impressions</span>}
            </p>
          )}
          <LineItems detail={detail} date={date} open={open} onOpen={onOpen} />
        </div>
      )}
    </Drawer>
  );
}

type LineItemsProps = Pick<Props, "detail" | "open" | "onOpen"> & { date: string };

function LineItems({ detail, date, open, onOpen }: LineItemsProps) {
  const asked = detail.line_items.slice(0, ASKED_AT_ONCE);
  const answers = useQueries({
    queries: asked.map((item) => lineageQuery(item.id, date)),
  });
  const waiting = answers.some((answer) => answer.isPending);
  const found = asked.flatMap((item, index) => {
    const lineage = answers[index]?.data;
    return lineage ? [{ item, lineage }] : [];
  });
  return (
    <>
      <p className="quiet" aria-live="polite">
        {waiting
          ? "Looking up the lines of the files"
          : found.length === 0
            ? "No line item delivered on this day."
            : `Added up from ${plural(found.length, "line item")}; open one to see its origin.`}
      </p>
      <ul className={classes.list}>
        {found.map(({ item, lineage }) => (
          <Line
            key={item.id}
            item={item}
            lineage={lineage}
            row={detail.row}
            opened={open === item.id || found.length === 1}
            onToggle={(opened) => onOpen(opened ? item.id : undefined)}
          />
        ))}
      </ul>
      {detail.line_items.length > ASKED_AT_ONCE && (
        <p className="small quieter">
          The first {ASKED_AT_ONCE} of {detail.line_items.length} line items are looked up.
        </p>
      )}
    </>
  );
}

type LineProps = {
  item: LinePacing;
  lineage: Lineage;
  row: PacingRow;
  opened: boolean;
  onToggle: (opened: boolean) => void;
};

function Line({ item, lineage, row, opened, onToggle }: LineProps) {
  const Arrow = opened ? IconChevronDown : IconChevronRight;
  return (
    <li>
      <button
        type="button"
        className={classes.line}
        aria-expanded={opened}
        onClick={() => onToggle(!opened)}
      >
        <Arrow size={14} aria-hidden="true" />
        <MiddleText text={item.name} className={classes.name} />
        <span className="num">{figureOf(lineage, row)}</span>
      </button>
      {opened && <LineageChain lineage={lineage} figure={figureOf(lineage, row)} />}
    </li>
  );
}

/** The same metric that the order is paced by. */
export function figureOf(lineage: Lineage, row: PacingRow): string {
  if (countsImpressions(row))
    return `${figureText(micros(lineage.figures.billable_impressions), row)} ${unitOf(row)}`;
  return exactMoney(lineage.figures.revenue_micros, lineage.currency);
}

function micros(value: number | null | undefined): number | null {
  return value == null ? null : value * 1_000_000;
}
