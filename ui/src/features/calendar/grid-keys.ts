// Walking the heat map by keyboard: one cell of it is in the tab order, arrows move it.
export type Cell = { row: number; column: number };
export type Size = { rows: number; columns: number };

const WEEK = 7;

/** Where a key leads, or nothing when it is none of the grid's. */
export function moved(
  { row, column }: Cell,
  key: string,
  size: Size,
  whole = false,
): Cell | undefined {
  const to = (nextRow: number, nextColumn: number) => ({
    row: clamp(nextRow, size.rows),
    column: clamp(nextColumn, size.columns),
  });
  switch (key) {
    case "ArrowLeft":
      return to(row, column - 1);
    case "ArrowRight":
      return to(row, column + 1);
    case "ArrowUp":
      return to(row - 1, column);
    case "ArrowDown":
      return to(row + 1, column);
    case "PageUp":
      return to(row, column - WEEK);
    case "PageDown":
      return to(row, column + WEEK);
    case "Home":
      return to(whole ? 0 : row, 0);
    case "End":
      return to(whole ? size.rows - 1 : row, size.columns - 1);
    default:
      return undefined;
  }
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}
