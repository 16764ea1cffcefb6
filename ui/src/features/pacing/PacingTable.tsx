// The dense table: its headers ask the cell to sort, j and k walk it, virtual beyond 200 rows.
import { Skeleton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import {
  columnVisibilityFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useMemo, useRef } from "react";
import type { PacingRow } from "../../api/types.ts";
import { useShortcuts } from "../../ui/keyboard.ts";
import table from "../../ui/table.module.css";
import { COLUMNS, headerText, type PacingColumn, type Shared, sharedBy } from "./columns.tsx";
import { wordsOf } from "./levels.ts";
import classes from "./PacingTable.module.css";
import { walkRows } from "./rows.ts";
import { DEFAULT_SORT, type PacingSearch, sortingOf, sortText } from "./search.ts";
import { hiddenColumns } from "./visibility.ts";
import { unitOf } from "./words.ts";

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
});
const ROW_HEIGHT = 36;
const VIRTUAL_FROM = 200;
const BY_ID = new Map(COLUMNS.map((column) => [column.id, column]));
const DEFINITIONS = [...BY_ID.values()].map((column) => ({
  id: column.id,
  accessorFn: (row: PacingRow) => column.value(row),
  enableSorting: column.id !== "spark",
  sortDescFirst: column.unit !== undefined,
}));

type Props = {
  rows: PacingRow[];
  search: PacingSearch;
  onChange: (change: { sort: string | undefined }) => void;
  dimmed: boolean;
  more: ReactNode;
};

export function PacingTable({ rows, search, onChange, dimmed, more }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  useShortcuts({ j: () => walkRows(frame.current, 1), k: () => walkRows(frame.current, -1) });
  const shared = useMemo(() => sharedBy(rows), [rows]);
  const sorting = sortingOf(search.sort ?? DEFAULT_SORT);
  const byUnit = shared.unit === null && definition(sorting[0]?.id ?? "").unit === "money";
  const phone = useMediaQuery("(max-width: 640px)");
  const compact = phone === true && search.hide === undefined;
  const hidden = hiddenColumns(search.hide, phone, search.level);
  const grid = useTable({
    features,
    columns: DEFINITIONS,
    data: rows,
    getRowId: (row) => row.row_key,
    state: {
      sorting,
      columnVisibility: {
        ...Object.fromEntries([...hidden].map((id) => [id, false])),
        currency: shared.unit === null && !compact,
      },
    },
    manualSorting: true,
    enableSortingRemoval: false,
    onSortingChange: (update) =>
      onChange({ sort: sortText(typeof update === "function" ? update(sorting) : update) }),
  });
  const ordered = grid.getRowModel().rows;
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
    enabled: ordered.length > VIRTUAL_FROM,
  });
  const window_ = virtual.getVirtualItems();
  const isVirtual = ordered.length > VIRTUAL_FROM;
  const indexOf = useMemo(() => new Map(ordered.map((row, index) => [row.id, index])), [ordered]);
  const shown = isVirtual ? window_.flatMap((item) => ordered[item.index] ?? []) : ordered;
  const above = isVirtual ? (window_[0]?.start ?? 0) : 0;
  const below = isVirtual ? virtual.getTotalSize() - (window_.at(-1)?.end ?? 0) : 0;

  return (
    <div
      ref={frame}
      className={`${table.frame} ${classes.frame}`}
      data-dimmed={dimmed || undefined}
      data-compact={compact || undefined}
    >
      <table className={`${table.table} ${table.sticky}`} aria-rowcount={ordered.length + 1}>
        <caption className="sr-only">{wordsOf(search.level).many} and their pacing</caption>
        <thead>
          <tr>
            {grid.getHeaderGroups()[0]?.headers.map((header) => (
              <HeaderCell
                key={header.id}
                column={definition(header.column.id)}
                shared={shared}
                sorted={header.column.getIsSorted()}
                {...(header.column.getCanSort()
                  ? { onSort: () => header.column.toggleSorting() }
                  : {})}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {shown.map((row) => (
            <tr
              key={row.id}
              // On phones names take as many lines as they need.
              ref={isVirtual ? virtual.measureElement : undefined}
              data-index={indexOf.get(row.id)}
              data-unit-starts={(byUnit && startsUnit(rows, row.index)) || undefined}
            >
              {row.getVisibleCells().map((cell) => {
                const column = definition(cell.column.id);
                return (
                  <td key={cell.id} data-num={column.unit && true}>
                    {column.cell(row.original)}
                  </td>
                );
              })}
            </tr>
          ))}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
      {more && <div className={classes.more}>{more}</div>}
    </div>
  );
}

type HeaderProps = {
  column: PacingColumn;
  shared: Shared;
  sorted: false | "asc" | "desc";
  onSort?: () => void;
};

function HeaderCell({ column, shared, sorted, onSort }: HeaderProps) {
  const text = headerText(column, shared);
  const Arrow = sorted === "asc" ? IconArrowUp : IconArrowDown;
  return (
    <th
      scope="col"
      data-num={column.unit && true}
      aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
    >
      {onSort ? (
        <button
          type="button"
          className={table.sort}
          data-sorted={sorted || undefined}
          onClick={onSort}
        >
          {text}
          {sorted && <Arrow size={12} aria-hidden="true" />}
        </button>
      ) : (
        text
      )}
    </th>
  );
}

export function PacingTableSkeleton() {
  return (
    <div className={`${table.frame} ${classes.frame}`} aria-busy="true">
      <span className="sr-only">Loading pacing</span>
      {Array.from({ length: 9 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={row} className={classes.ghost}>
          <Skeleton height={10} width={`${16 + ((row * 7) % 9)}%`} />
          <Skeleton height={10} width="7%" />
          <Skeleton height={10} width="8%" />
          <Skeleton height={10} width="30%" ml="auto" />
        </div>
      ))}
    </div>
  );
}

function definition(id: string): PacingColumn {
  const column = BY_ID.get(id) ?? BY_ID.get("name");
  if (column === undefined) throw new Error(`no column ${id}`);
  return column;
}

/** Amounts are sorted unit by unit; a line shows where the next one begins. */
function startsUnit(rows: readonly PacingRow[], index: number): boolean {
  const [row, before] = [rows[index], rows[index - 1]];
  return row !== undefined && before !== undefined && unitOf(row) !== unitOf(before);
}
