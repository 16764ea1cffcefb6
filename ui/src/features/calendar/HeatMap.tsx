// Days by state, one row per advertiser. A real table: each cell says its day and state in words,
// one cell is in the tab order, arrows walk it and Enter opens it.
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { CalendarRow } from "../../api/types.ts";
import { day } from "../../lib/dates.ts";
import { MiddleText } from "../../ui/MiddleText.tsx";
import { DAY_STATUS } from "./day-states.ts";
import { type Cell, moved } from "./grid-keys.ts";
import classes from "./HeatMap.module.css";
import { HeatMapHead } from "./HeatMapHead.tsx";

const ROW_HEIGHT = 28;
const VIRTUAL_FROM = 60;

type Props = {
  rows: readonly CalendarRow[];
  dates: readonly string[];
  selected?: { advertiser: string; date: string } | undefined;
  onOpen: (advertiser: string, date: string) => void;
};

export function HeatMap({ rows, dates, selected, onOpen }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Cell>({ row: 0, column: dates.length - 1 });
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    enabled: rows.length > VIRTUAL_FROM,
  });
  // The latest days are what one comes for; they are at the right.
  const last = dates.at(-1);
  useLayoutEffect(() => {
    if (frame.current && last) frame.current.scrollLeft = frame.current.scrollWidth;
  }, [last]);

  const open = ({ row, column }: Cell) => {
    const [advertiser, date] = [rows[row]?.advertiser_id, dates[column]];
    if (advertiser !== undefined && date !== undefined) onOpen(advertiser, date);
  };
  const focus = (cell: Cell) => {
    setAt(cell);
    const there = find(frame.current, cell);
    if (there) return there.focus();
    // Outside of what is drawn: bring it in first.
    virtual.scrollToIndex(cell.row);
    requestAnimationFrame(() => find(frame.current, cell)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const cell = cellOf(event.target);
    if (cell === undefined) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return open(cell);
    }
    const size = { rows: rows.length, columns: dates.length };
    const next = moved(cell, event.key, size, event.ctrlKey || event.metaKey);
    if (next === undefined) return;
    event.preventDefault();
    focus(next);
  };
  const onClick = (event: MouseEvent) => {
    const cell = cellOf(event.target);
    if (cell === undefined) return;
    setAt(cell);
    open(cell);
  };

  const isVirtual = rows.length > VIRTUAL_FROM;
  const window_ = virtual.getVirtualItems();
  const shown = isVirtual ? window_.map((item) => item.index) : rows.map((_, index) => index);
  const above = isVirtual ? (window_[0]?.start ?? 0) : 0;
  const below = isVirtual ? virtual.getTotalSize() - (window_.at(-1)?.end ?? 0) : 0;
  return (
    <div ref={frame} className={classes.frame}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked
        role="grid"
        className={classes.grid}
        aria-rowcount={rows.length + 2}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <caption className="sr-only">Days by state, one row per advertiser</caption>
        <HeatMapHead dates={dates} />
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {shown.map((index) => {
            const row = rows[index];
            return row ? (
              <HeatRow
                key={row.advertiser_id}
                row={row}
                index={index}
                dates={dates}
                stop={at.row === index ? at.column : -1}
                selected={selected?.advertiser === row.advertiser_id ? selected.date : undefined}
              />
            ) : null;
          })}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = {
  row: CalendarRow;
  index: number;
  dates: readonly string[];
  /** The column that is in the tab order, or -1. */
  stop: number;
  selected: string | undefined;
};

const HeatRow = memo(function HeatRow({ row, index, dates, stop, selected }: RowProps) {
  const byDate = new Map(row.days.map((item) => [item.date, item]));
  return (
    <tr aria-rowindex={index + 3}>
      <th scope="row">
        <MiddleText text={row.name} className={classes.name} />
      </th>
      {dates.map((date, column) => {
        const state = byDate.get(date)?.state;
        return (
          <td
            key={date}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: see the table
            role="gridcell"
            tabIndex={column === stop ? 0 : -1}
            data-cell={`${index}:${column}`}
            aria-selected={date === selected}
            aria-label={`${day(date)}, ${state ? DAY_STATUS[state].word.toLowerCase() : "not known"}`}
          >
            <span className={classes.mark} data-state={state} />
          </td>
        );
      })}
    </tr>
  );
});

function cellOf(target: EventTarget): Cell | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-cell]") : null;
  const [row, column] = cell?.dataset.cell?.split(":").map(Number) ?? [];
  return row === undefined || column === undefined ? undefined : { row, column };
}

function find(frame: HTMLElement | null, { row, column }: Cell) {
  return frame?.querySelector<HTMLElement>(`[data-cell="${row}:${column}"]`);
}
