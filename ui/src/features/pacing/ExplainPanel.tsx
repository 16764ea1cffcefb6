// How a figure was made: the formula, the same with its numbers, and the days they come from.
import { Drawer } from "@mantine/core";
import type { Explanation, PacingDetail } from "../../api/types.ts";
import { addDays, day, dayRange, plural } from "../../lib/dates.ts";
import classes from "./ExplainPanel.module.css";
import { basisOf, exactText } from "./words.ts";

type Props = {
  explanation: Explanation | undefined;
  detail: PacingDetail;
  onClose: () => void;
  /** A day opens to the lines of the files it came from. */
  onLineage: (date: string) => void;
};

export function ExplainPanel({ explanation, detail, onClose, onLineage }: Props) {
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
          <Summed explanation={explanation} detail={detail} onLineage={onLineage} />
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

/** The days a figure was summed over, the latest first, each down to its file. */
function Summed({ explanation, detail, onLineage }: Required<Omit<Props, "onClose">>) {
  const { from, to } = explanation ?? {};
  if (from == null || to == null) return null;
  const days = detail.days.filter((item) => from <= item.date && item.date <= to).reverse();
  if (days.length === 0) return null;
  return (
    <div>
      <h3 className={classes.label}>{plural(days.length, "day")} added up</h3>
      <ul className={classes.summed}>
        {days.map((item) => (
          <li key={item.date}>
            <span>{day(item.date)}</span>
            {item.provisional && <span className="tiny quieter">Provisional</span>}
            <button
              type="button"
              className={classes.from}
              onClick={() => onLineage(item.date)}
              aria-label={`${exactText(item.spend_micros, detail.row)} on ${day(item.date)}, where it came from`}
            >
              {exactText(item.spend_micros, detail.row)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
