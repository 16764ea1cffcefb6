// How a figure was made: the formula, the same with its numbers, and the days they come from.
import { Drawer } from "@mantine/core";
import type { Explanation, PacingDetail } from "../../api/types.ts";
import { addDays, dayRange, plural } from "../../lib/dates.ts";
import classes from "./ExplainPanel.module.css";
import { basisOf } from "./words.ts";

type Props = {
  explanation: Explanation | undefined;
  detail: PacingDetail;
  onClose: () => void;
};

export function ExplainPanel({ explanation, detail, onClose }: Props) {
  return (
    <Drawer
      opened={explanation !== undefined}
      onClose={onClose}
      position="right"
      size={440}
      title={explanation?.label}
    >
      {explanation && (
        <div className="stack">
          <Value text={explanation.value} />
          <div>
            <h3 className={classes.label}>Formula</h3>
            <p className={classes.formula}>{explanation.formula}</p>
          </div>
          <div>
            <h3 className={classes.label}>With the numbers</h3>
            <p className={classes.formula} data-filled>
              {explanation.filled}
            </p>
          </div>
          <Days detail={detail} />
        </div>
      )}
    </Drawer>
  );
}

/** "4,363,671 impressions": the figure large, its unit small. */
function Value({ text }: { text: string }) {
  const [figure, ...unit] = text.split(" ");
  return (
    <p className={classes.value}>
      {figure}
      {unit.length > 0 && <span className={classes.unit}> {unit.join(" ")}</span>}
    </p>
  );
}

function Days({ detail: { row, days } }: { detail: PacingDetail }) {
  if (row.start_date == null || row.end_date == null) return null;
  const provisional = days.filter((day) => day.provisional).length;
  const last = addDays(row.start_date, Math.max(0, row.days_elapsed - 1));
  return (
    <dl className={classes.days}>
      <div>
        <dt>Segment</dt>
        <dd className="num">{dayRange(row.start_date, row.end_date)}</dd>
      </div>
      <div>
        <dt>Complete days counted</dt>
        <dd className="num">
          {row.days_elapsed === 0
            ? "None yet"
            : `${dayRange(row.start_date, last)} (${row.days_elapsed} of ${row.days_total})`}
        </dd>
      </div>
      <div>
        <dt>Still provisional</dt>
        <dd>{provisional === 0 ? "None" : `The last ${plural(provisional, "day")}`}</dd>
      </div>
      <div>
        <dt>Basis</dt>
        <dd>{basisOf(row)}, in the advertiser's days</dd>
      </div>
    </dl>
  );
}
