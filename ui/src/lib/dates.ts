// Days are the advertiser's local calendar days and are never shifted; instants are shown
// in the reader's zone.

const DAY_MS = 86_400_000;

/** "21 Nov", with the year when it is not this one. */
export function day(iso: string | null | undefined, locale?: string, today = new Date()): string {
  if (!iso) return "–";
  const sameYear = iso.startsWith(String(today.getFullYear()));
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
    timeZone: "UTC",
  }).format(new Date(`${iso}T00:00:00Z`));
}

export function dayRange(start: string, end: string, locale?: string, today = new Date()): string {
  if (start === end) return day(start, locale, today);
  return `${day(start, locale, today)} – ${day(end, locale, today)}`;
}

/** Of something that need not have days. */
export function someDays(range: { start: string; end: string } | null | undefined): string {
  return range ? dayRange(range.start, range.end) : "–";
}

export function instant(iso: string, locale?: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(iso));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", DAY_MS],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

export function relative(iso: string, now: Date, locale?: string): string {
  const ms = new Date(iso).getTime() - now.getTime();
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(ms) >= size) return format.format(Math.trunc(ms / size), unit);
  }
  return ms > 0 ? "in a moment" : "just now";
}

/** "about 3 minutes", "under a minute": an estimate, never a promise to the second. */
export function roughDuration(seconds: number): string {
  if (seconds < 45) return "under a minute";
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${plural(minutes, "minute")}`;
  return `about ${plural(Math.round(minutes / 60), "hour")}`;
}

export function elapsed(startIso: string, endIso: string): string {
  return seconds(Math.max(0, (Date.parse(endIso) - Date.parse(startIso)) / 1000));
}

/** "0.4 s", "12 s", "3 min 20 s", "2 h 5 min": the two units that matter. */
export function seconds(value: number): string {
  if (value > 0 && value < 9.95) return `${Math.max(0.1, Math.round(value * 10) / 10)} s`;
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function plural(n: number, word: string, many = `${word}s`): string {
  return `${new Intl.NumberFormat().format(n)} ${n === 1 ? word : many}`;
}

/** Whole days from one calendar day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

export function addDays(iso: string, days: number): string {
  return new Date(Date.parse(`${iso}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Today's calendar day in a time zone, e.g. the advertiser's. */
export function todayIn(timeZone: string | undefined, now = new Date()): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...(timeZone ? { timeZone } : {}),
  });
  return parts.format(now);
}
