// Money arrives as integer micro-units with a named currency; it is only divided here, for display.

const MICROS = 1_000_000;
const cache = new Map<string, Intl.NumberFormat>();

function formatter(locale: string | undefined, options: Intl.NumberFormatOptions) {
  const key = `${locale}|${JSON.stringify(options)}`;
  const known = cache.get(key) ?? new Intl.NumberFormat(locale, options);
  cache.set(key, known);
  return known;
}

export type Micros = number | null | undefined;
export const NOTHING = "–";

/** Whole units without a currency sign, for tables that name the unit in the header. */
export function amount(micros: Micros, locale?: string): string {
  if (micros == null) return NOTHING;
  return formatter(locale, { maximumFractionDigits: 0 }).format(clean(micros / MICROS, 0));
}

/** With the currency, rounded to whole units: for key figures. */
export function money(micros: Micros, currency: string, locale?: string): string {
  if (micros == null) return NOTHING;
  return currencyFormat(currency, 0, locale).format(clean(micros / MICROS, 0));
}

/** With the currency and its usual decimals: for tooltips and details. */
export function exactMoney(micros: Micros, currency: string, locale?: string): string {
  if (micros == null) return NOTHING;
  return currencyFormat(currency, undefined, locale).format(micros / MICROS);
}

/** Short form for chart axes: €12K. */
export function shortMoney(micros: number, currency: string, locale?: string): string {
  return formatter(locale, {
    style: "currency",
    currency,
    notation: "compact",
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  }).format(micros / MICROS);
}

export function inUnit(micros: Micros, unit: string, currency: string, locale?: string): string {
  return unit !== "impressions"
    ? money(micros, currency, locale)
    : micros == null
      ? NOTHING
      : `${amount(micros, locale)} impressions`;
}

export function count(value: number | null | undefined, locale?: string): string {
  return value == null ? NOTHING : formatter(locale, { maximumFractionDigits: 0 }).format(value);
}

/** A decimal string such as "98.53" becomes "98.5 %" in the reader's locale. */
export function percent(value: string | null | undefined, locale?: string, digits = 1): string {
  if (value == null || value === "" || Number.isNaN(Number(value))) return NOTHING;
  return formatter(locale, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(clean(Number(value), digits) / 100);
}

/** A decimal string in the reader's locale, for columns whose header names the unit. */
export function decimal(value: string | null | undefined, locale?: string, digits = 1): string {
  if (value == null || value === "" || Number.isNaN(Number(value))) return NOTHING;
  return formatter(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(clean(Number(value), digits));
}

function currencyFormat(currency: string, digits: number | undefined, locale?: string) {
  return formatter(locale, {
    style: "currency",
    currency,
    currencyDisplay: "symbol",
    ...(digits === undefined
      ? {}
      : { maximumFractionDigits: digits, minimumFractionDigits: digits }),
  });
}

/** Rounds first, so that no "-0" is ever shown. */
function clean(value: number, digits: number): number {
  const scale = 10 ** digits;
  const rounded = Math.round(value * scale) / scale;
  return rounded === 0 ? 0 : rounded;
}
