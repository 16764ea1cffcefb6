/** Moves the focus to the next or previous row's link, from wherever it is now. */
export function walkRows(frame: HTMLElement | null, step: 1 | -1) {
  const links = [...(frame?.querySelectorAll<HTMLAnchorElement>("a[data-row]") ?? [])];
  const at = links.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
  const next = at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + step));
  links[next]?.focus();
}
