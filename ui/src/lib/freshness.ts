// How fresh the data is as a whole: as fresh as its oldest part.
import { daysBetween, todayIn } from "./dates.ts";

export type Reach = {
  through?: string | null | undefined;
  time_zone: string;
  provisional_days: number;
};
export type Summary = { through: string | null; provisionalDays: number; late: boolean };

/** Complete days end yesterday; one day of slack covers zones and the morning's run. */
const LATE_AFTER_DAYS = 2;

export function summarise(items: readonly Reach[], now = new Date()): Summary | null {
  if (items.length === 0) return null;
  const days = items.map((item) => item.through).filter((day): day is string => day != null);
  if (days.length === 0) return { through: null, provisionalDays: 0, late: false };
  return {
    through: days.toSorted()[0] ?? null,
    provisionalDays: Math.max(...items.map((item) => item.provisional_days)),
    late: items.some((item) => isLate(item, now)),
  };
}

export function isLate(item: Pick<Reach, "through" | "time_zone">, now = new Date()): boolean {
  if (item.through == null) return false;
  return daysBetween(item.through, todayIn(item.time_zone, now)) > LATE_AFTER_DAYS;
}
