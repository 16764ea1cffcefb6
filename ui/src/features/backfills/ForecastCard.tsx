// What a backfill would take, before anybody starts it: each figure with what is left of it today.
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { roughDuration } from "../../lib/dates.ts";
import { Notice } from "../../ui/Notice.tsx";
import classes from "./ForecastCard.module.css";

/** One thing that is used up, in words, and how much of the day's allowance it would be. */
export type Need = {
  key: string;
  label: string;
  value: string;
  note?: string | undefined;
  /** More than is left. */
  over?: boolean;
};

type Props = {
  minutes: number;
  needs: readonly Need[];
  warnings: readonly string[];
  children?: ReactNode;
};

export function ForecastCard({ minutes, needs, warnings, children }: Props) {
  return (
    <section className={classes.card} aria-label="Forecast">
      <div className={classes.head}>
        <h2>Forecast</h2>
        <p>
          <span className={classes.time}>{capital(roughDuration(minutes * 60))}</span>
        </p>
      </div>
      <dl className={classes.needs}>
        {needs.map((need) => (
          <div key={need.key} className={classes.need}>
            <dt>{need.label}</dt>
            <dd>
              <span className={classes.value}>{need.value}</span>
              {need.note && (
                <span className={classes.note} data-over={need.over || undefined}>
                  {need.over && <IconAlertTriangle size={12} aria-hidden="true" />}
                  {need.note}
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {warnings.map((warning) => (
        <Notice key={warning} tone="attention" title={warning} />
      ))}
      {children}
    </section>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
