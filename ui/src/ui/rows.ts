// Down and up the rows of the page's tables and lists by keyboard: the focus goes to the link or button that
// opens the row, so that Enter needs no handling of its own.
const ROWS = "main table tbody tr, main ul[data-rows] > li";
const OPENS = "a[href], button:not([disabled])";

export function moveRow(step: 1 | -1, within: ParentNode = document) {
  const rows = [...within.querySelectorAll<HTMLElement>(ROWS)].filter(
    (row) => row.querySelector(OPENS) !== null,
  );
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at === -1 ? (step === 1 ? rows[0] : rows.at(-1)) : rows[at + step];
  const target = next?.querySelector<HTMLElement>(OPENS);
  target?.focus({ preventScroll: true });
  next?.scrollIntoView?.({ block: "nearest" });
}
