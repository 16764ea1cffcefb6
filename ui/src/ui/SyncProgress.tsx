// A sync as it runs: how far, what it is doing, and each advertiser.
import { Progress, Skeleton } from "@mantine/core";
import type { Sync, SyncAdvertiser } from "../api/types.ts";
import { dayRange, plural } from "../lib/dates.ts";
import { count } from "../lib/money.ts";
import { sentence } from "../lib/sentence.ts";
import { Chip, syncAdvertiserStatus, syncStatus } from "./Chip.tsx";
import classes from "./SyncProgress.module.css";

const ORDER: SyncAdvertiser["state"][] = ["failed", "working", "done", "queued"];

export function SyncProgress({ sync }: { sync: Sync }) {
  const done = sync.advertisers.filter((item) => item.state === "done").length;
  const percent = Math.round(Math.min(1, Math.max(0, sync.progress)) * 100);
  // A run that ended badly got nowhere near the end, whatever share of its steps it took.
  const stopped = ["failed", "quarantined", "cancelled"].includes(sync.state);
  const advertisers = [...sync.advertisers].sort(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state),
  );
  return (
    <section className={classes.card} aria-label="Sync progress">
      <div className={classes.head}>
        <Chip status={syncStatus(sync.state)} />
        <span className={classes.message} aria-live="polite">
          {sentence(sync.message)}
        </span>
        {!stopped && <span className={classes.percent}>{percent} %</span>}
      </div>
      {!stopped && (
        <Progress
          value={percent}
          size={4}
          radius={2}
          aria-label="Progress"
          color="var(--accent)"
          classNames={{ root: classes.track }}
          transitionDuration={150}
        />
      )}
      <p className={classes.facts}>
        {done} of {plural(sync.advertisers.length, "advertiser")} in · {count(sync.rows_loaded)}{" "}
        rows · {dayRange(sync.range.start, sync.range.end)}
      </p>
      <ul className={classes.list}>
        {advertisers.map((item) => (
          <li key={item.advertiser_id} className={classes.item}>
            <span className="truncate" title={`${item.name} ${item.advertiser_id}`}>
              {item.name}
            </span>
            <span className={classes.rows}>{item.rows > 0 && `${count(item.rows)} rows`}</span>
            <span className={classes.state}>
              <Chip status={syncAdvertiserStatus(item.state, sync.state)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function SyncProgressSkeleton() {
  return (
    <div className={classes.card} aria-busy="true">
      <div className={classes.head}>
        <Skeleton height={20} width={96} />
        <Skeleton height={12} width={180} />
      </div>
      <Skeleton height={4} />
      <p className={classes.facts}>
        <Skeleton component="span" height={12} width={220} display="block" />
      </p>
      {[1, 2, 3].map((row) => (
        <div key={row} className={classes.item}>
          <Skeleton height={12} width={200} />
        </div>
      ))}
    </div>
  );
}
