// The tooltip of one day: exact values and the distance from the plan.
import type { PacingRow } from "../../api/types.ts";
import { day } from "../../lib/dates.ts";
import type { Curve } from "./curve.ts";
import { doneWord, exactText } from "./words.ts";

export function tooltipOf(curve: Curve, row: PacingRow, index: number): string {
  const date = curve.dates[index];
  if (date === undefined) return "";
  const actual = curve.actual[index];
  const plan = curve.plan[index];
  const lines: [string, number | null | undefined][] = [
    [`${doneWord(row)} that day`, curve.daily[index]],
    [`${doneWord(row)} to date`, actual],
    ["Plan to date", plan],
    ["Difference", actual == null || plan == null ? null : actual - plan],
    ["Projected", actual == null ? curve.projection[index] : null],
    ["Projected, from", actual == null ? curve.low[index] : null],
    ["Projected, to", actual == null ? curve.high[index] : null],
    ["What if, plan to date", curve.supposed?.[index]],
    ["What if, projected", actual == null ? curve.supposedProjection?.[index] : null],
  ];
  const body = lines
    .filter((line): line is [string, number] => line[1] != null)
    .map(
      ([label, micros]) =>
        `<tr><td style="padding-right:16px">${label}</td><td align="right">${exactText(micros, row)}</td></tr>`,
    )
    .join("");
  const { provisional } = curve;
  const open = provisional !== null && date >= provisional[0] && date <= provisional[1];
  return `<b style="font-weight:500">${day(date)}</b>${open ? ", provisional" : ""}<table style="font-variant-numeric:tabular-nums">${body}</table>`;
}
