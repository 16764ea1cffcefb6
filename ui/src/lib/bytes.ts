// Sizes of files and transfers, in the units that people know from their file manager.
const UNITS = ["B", "kB", "MB", "GB", "TB"];

export function bytes(value: number | null | undefined, locale?: string): string {
  if (value == null) return "–";
  let step = 0;
  let left = Math.abs(value);
  while (left >= 1000 && step < UNITS.length - 1) {
    left /= 1000;
    step += 1;
  }
  const digits = step > 0 && left < 100 ? 1 : 0;
  const text = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 0,
    maximumFractionDigits: digits,
  }).format(value < 0 ? -left : left);
  return `${text} ${UNITS[step]}`;
}
