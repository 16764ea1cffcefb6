// Two lines above the heat map: months, and the days in them.
import { memo } from "react";
import classes from "./HeatMap.module.css";

export const HeatMapHead = memo(function HeatMapHead({ dates }: { dates: readonly string[] }) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <td className={classes.corner} />
        {monthsOf(dates).map(({ month, days }) => (
          <th key={month} scope="colgroup" colSpan={days} className={classes.month}>
            <span>{monthName(month, days)}</span>
          </th>
        ))}
      </tr>
      <tr aria-rowindex={2}>
        <td className={classes.corner} />
        {dates.map((date) => (
          <th key={date} scope="col" data-weekend={isWeekend(date) || undefined}>
            {Number(date.slice(8))}
          </th>
        ))}
      </tr>
    </thead>
  );
});

export function monthsOf(dates: readonly string[]): { month: string; days: number }[] {
  const months: { month: string; days: number }[] = [];
  for (const date of dates) {
    const month = date.slice(0, 7);
    const last = months.at(-1);
    if (last?.month === month) last.days += 1;
    else months.push({ month, days: 1 });
  }
  return months;
}

/** A month of which little is shown has no room for its year. */
function monthName(month: string, days: number): string {
  const format = { month: days < 3 ? "short" : "long", timeZone: "UTC" } as const;
  const date = new Date(`${month}-01T00:00:00Z`);
  return new Intl.DateTimeFormat(
    undefined,
    days < 5 ? format : { ...format, year: "numeric" },
  ).format(date);
}

function isWeekend(date: string): boolean {
  return [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
}
