// How much of a limit is used, with a mark where it begins to be watched.
import classes from "./Meter.module.css";

type Props = {
  used: number;
  /** On top of what is used, as it would be. */
  added?: number;
  soft?: number | null | undefined;
  hard: number | null | undefined;
  label: string;
};

export function Meter({ used, added = 0, soft, hard, label }: Props) {
  const end = hard ?? soft ?? Math.max(used + added, 1);
  const share = (value: number) => `${Math.min(100, (value / Math.max(end, 1)) * 100)}%`;
  const total = used + added;
  const tone =
    hard != null && total > hard ? "critical" : soft != null && total > soft ? "attention" : "ok";
  return (
    <span className={classes.track} data-tone={tone} role="img" aria-label={label}>
      <span className={classes.used} style={{ width: share(used) }} />
      {added > 0 && (
        <span className={classes.added} style={{ left: share(used), width: share(added) }} />
      )}
      {soft != null && soft < end && (
        <span className={classes.soft} style={{ left: share(soft) }} />
      )}
    </span>
  );
}
