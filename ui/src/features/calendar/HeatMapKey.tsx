// What the marks mean, and how many days are in each state.

import type { CalendarRow } from "../../api/types.ts";
import { count } from "../../lib/money.ts";
import { countStates, DAY_MEANING, DAY_STATES, DAY_STATUS } from "./day-states.ts";
import marks from "./HeatMap.module.css";
import classes from "./HeatMapKey.module.css";

export function HeatMapKey({ rows }: { rows: readonly CalendarRow[] }) {
  const counts = countStates(rows);
  return (
    <ul className={classes.key} aria-label="Days by state">
      {DAY_STATES.toReversed().map((state) => (
        <li key={state} title={DAY_MEANING[state]} data-none={!counts.get(state) || undefined}>
          <span className={marks.mark} data-state={state} aria-hidden="true" />
          {DAY_STATUS[state].word}
          <span className={classes.count}>{count(counts.get(state) ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}
