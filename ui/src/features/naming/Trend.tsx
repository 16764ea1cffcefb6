// The share of right names at the end of each day, by the conventions of now; a table lies behind it.
import type { Compliance } from "../../api/types.ts";
import { day } from "../../lib/dates.ts";
import classes from "./Naming.module.css";

const WIDTH = 720;
const HEIGHT = 140;
const EDGE = 4;

export function Trend({ days }: { days: Compliance["days"] }) {
  const shares = days.map(({ checked, compliant }) => (checked > 0 ? compliant / checked : 0));
  const step = WIDTH / Math.max(days.length - 1, 1);
  const y = (share: number) => EDGE + (1 - share) * (HEIGHT - 2 * EDGE);
  const line = shares.map((share, at) => `${at === 0 ? "M" : "L"}${at * step},${y(share)}`);
  const [first, last] = [days[0], days.at(-1)];
  return (
    <section className={classes.section} aria-labelledby="trend">
      <h2 id="trend">Day by day</h2>
      <div className={classes.trend}>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Right names, from ${first?.percent ?? "none"} to ${last?.percent ?? "none"} percent`}
        >
          {[0, 0.5, 1].map((share) => (
            <line
              key={share}
              x1="0"
              x2={WIDTH}
              y1={y(share)}
              y2={y(share)}
              stroke="var(--line)"
              vectorEffect="non-scaling-stroke"
            />
          ))}
          <path
            d={line.join("")}
            fill="none"
            stroke="var(--accent)"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        <p className={`quieter tiny num ${classes.axis}`}>
          <span>
            {day(first?.date)}: {first?.percent ?? "–"} %
          </span>
          <span>
            {day(last?.date)}: {last?.percent ?? "–"} %
          </span>
        </p>
      </div>
      <div className="sr-only">
        <table>
          <caption>Right names by day</caption>
          <tbody>
            {days.map(({ date, percent, checked }) => (
              <tr key={date}>
                <th>{day(date)}</th>
                <td>{percent} %</td>
                <td>{checked} checked</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
