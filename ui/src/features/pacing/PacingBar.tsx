// Pacing against a tick at 100 %: the eye finds what is off before it reads a figure.
import { decimal } from "../../lib/money.ts";
import classes from "./PacingTable.module.css";

const WIDTH = 48;
const SCALE = 150;

export function PacingBar({ percentText }: { percentText: string | null | undefined }) {
  if (percentText == null) return <span className="quieter">–</span>;
  const value = Number(percentText);
  const x = (percent: number) => (Math.min(percent, SCALE) / SCALE) * WIDTH;
  return (
    <span className={classes.pacing}>
      <svg width={WIDTH} height="12" aria-hidden="true">
        <rect y="4" width={WIDTH} height="4" rx="1" fill="var(--line)" />
        <rect y="4" width={x(value)} height="4" rx="1" fill="var(--accent)" />
        <rect x={x(100) - 0.75} width="1.5" height="12" fill="var(--text-2)" />
      </svg>
      <span className={classes.percent}>{decimal(percentText)}</span>
    </span>
  );
}
