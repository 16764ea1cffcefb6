// A drawing of the pacing page, plainly labelled as an example: what this is, before any data.
import { Chip, PACING } from "./Chip.tsx";
import classes from "./SamplePreview.module.css";

const ACTUAL = [0, 5, 11, 16, 20, 27, 33, 38, 42, 49, 54, 58, 63];
const ROWS = [
  { name: "Autumn launch · Video", percent: "98.4%", status: PACING.on_pace },
  { name: "Always on · Display", percent: "83.1%", status: PACING.behind },
  { name: "Retail week · Audio", percent: "112.0%", status: PACING.ahead },
];

export function SamplePreview() {
  return (
    <figure className={classes.preview}>
      <div className={classes.card}>
        <div className={classes.head}>
          <div>
            <div className={classes.name}>Autumn launch · Video</div>
            <div className="tiny quieter">1 Nov – 30 Nov · data through 12 Nov</div>
          </div>
          <Chip status={PACING.on_pace} />
        </div>
        <Curve />
        <dl className={classes.figures}>
          <Figure label="Spent" value="€31,480" />
          <Figure label="Expected" value="€32,000" />
          <Figure label="Needed per day" value="€2,695" />
        </dl>
      </div>
      <ul className={classes.card}>
        {ROWS.map((row) => (
          <li key={row.name} className={classes.item}>
            <span className="truncate">{row.name}</span>
            <span className="num quiet">{row.percent}</span>
            <span>
              <Chip status={row.status} />
            </span>
          </li>
        ))}
      </ul>
      <figcaption className={classes.caption}>
        Example. Yours appears as soon as the first advertiser is read, and every figure opens to
        show how it was made.
      </figcaption>
    </figure>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="tiny quieter">{label}</dt>
      <dd className={classes.value}>{value}</dd>
    </div>
  );
}

function Curve() {
  const x = (day: number) => 8 + day * 17.5;
  const y = (value: number) => 142 - value * 0.88;
  const path = ACTUAL.map((v, i) => `${i === 0 ? "M" : "L"}${x(i)} ${y(v)}`).join("");
  const last = ACTUAL.length - 1;
  return (
    <svg viewBox="0 0 544 152" className={classes.curve} aria-hidden="true">
      {[0, 50, 100, 150].map((v) => (
        <line key={v} x1="8" x2="536" y1={y(v)} y2={y(v)} stroke="var(--line)" />
      ))}
      <path d={`M${x(0)} ${y(0)}L${x(30)} ${y(150)}`} stroke="var(--plan)" strokeDasharray="4 4" />
      <path
        d={`M${x(last)} ${y(63)}L${x(30)} ${y(146)}`}
        stroke="var(--accent)"
        strokeWidth="2"
        opacity=".35"
      />
      <path d={path} fill="none" stroke="var(--accent)" strokeWidth="2" strokeLinejoin="round" />
      <line x1={x(last)} x2={x(last)} y1="4" y2="142" stroke="var(--text-3)" />
      <circle cx={x(last)} cy={y(63)} r="3.5" fill="var(--accent)" />
      <text x={x(last) + 6} y="14" className={classes.svgText}>
        today
      </text>
      <text x="492" y="34" className={classes.svgText}>
        plan
      </text>
    </svg>
  );
}
