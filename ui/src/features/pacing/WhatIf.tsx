// What if the budget, the last day or the rate were another: asked of the cell, written nowhere.
import { Button, NumberInput, Slider, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import type { WhatIf as Wish } from "../../api/pacing.ts";
import type { PacingRow, PacingSupposed } from "../../api/types.ts";
import { day } from "../../lib/dates.ts";
import { percent } from "../../lib/money.ts";
import { Chip, PACING } from "../../ui/Chip.tsx";
import page from "./OrderPage.module.css";
import classes from "./WhatIf.module.css";
import { isSupposed, MICROS, roomAbove, units } from "./what-if.ts";
import { figureText, unitOf } from "./words.ts";

type Props = {
  row: PacingRow;
  wish: Wish;
  onWish: (wish: Wish) => void;
  supposed: PacingSupposed | undefined;
  problem: string | undefined;
};

export function WhatIf({ row, wish, onWish, supposed, problem }: Props) {
  // Taking everything back begins anew, with what is.
  const [begun, setBegun] = useState(0);
  const rate = row.last_week_per_day_micros ?? row.needed_per_day_micros;
  return (
    <section className={page.card} aria-labelledby="what-if">
      <div className={page.cardHead}>
        <h2 id="what-if">What if</h2>
        <p className="tiny quieter">From the next day on. Nothing is changed at the source.</p>
        {isSupposed(wish) && (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              onWish({});
              setBegun(begun + 1);
            }}
          >
            Take it back
          </Button>
        )}
      </div>
      <div className={classes.body} key={begun}>
        <Amount
          label={`Budget (${unitOf(row)})`}
          now={row.budget_micros ?? 0}
          value={wish.budget_micros}
          onChange={(budget_micros) => onWish({ ...wish, budget_micros })}
        />
        <Amount
          label={`Per day (${unitOf(row)})`}
          now={rate ?? 0}
          value={wish.per_day_micros}
          onChange={(per_day_micros) => onWish({ ...wish, per_day_micros })}
        />
        <TextInput
          type="date"
          label="Last day"
          value={wish.end_date ?? row.end_date ?? ""}
          onChange={(event) => {
            const end = event.currentTarget.value;
            if (end !== "") onWish({ ...wish, end_date: end });
          }}
        />
      </div>
      {problem ? (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      ) : (
        isSupposed(wish) && supposed && <Outcome row={row} supposed={supposed} />
      )}
    </section>
  );
}

type AmountProps = {
  label: string;
  now: number;
  value: number | undefined;
  onChange: (micros: number) => void;
};

/** A slider to feel, and a field to say exactly. */
function Amount({ label, now, value, onChange }: AmountProps) {
  const [shown, setShown] = useState(units(value ?? now));
  const [most] = useState(roomAbove(Math.max(units(now), units(value ?? 0))));
  const later = useDebouncedCallback((next: number) => onChange(next * MICROS), 250);
  const change = (next: number) => {
    setShown(next);
    later(next);
  };
  return (
    <div className={classes.amount}>
      <NumberInput
        label={label}
        min={0}
        max={999_999_999_999}
        allowDecimal={false}
        thousandSeparator=","
        hideControls
        value={shown}
        onChange={(next) => {
          if (typeof next === "number") change(next);
        }}
      />
      <Slider
        thumbLabel={label}
        label={null}
        min={0}
        max={most}
        step={Math.max(1, Math.round(most / 200))}
        value={Math.min(shown, most)}
        onChange={change}
        marks={[{ value: Math.min(units(now), most) }]}
      />
    </div>
  );
}

function Outcome({ row, supposed }: { row: PacingRow; supposed: PacingSupposed }) {
  const lines: [string, string, string][] = [
    [
      "Needed per day",
      figureText(row.needed_per_day_micros, row),
      figureText(supposed.needed_per_day_micros, row),
    ],
    [
      "Projected at end",
      figureText(row.projected_end_micros, row),
      figureText(supposed.projected_end_micros, row),
    ],
    [
      "At risk",
      figureText(row.underspend_at_risk_micros, row),
      figureText(supposed.underspend_at_risk_micros, row),
    ],
    ["Budget used up", usedUp(row.used_up_on), usedUp(supposed.used_up_on)],
    ["Pacing", percent(row.pacing_percent), percent(supposed.pacing_percent)],
  ];
  return (
    <div className={classes.outcome} aria-live="polite">
      <table className={classes.compared}>
        <caption className="sr-only">What is, and what would be</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">Now</th>
            <th scope="col">What if</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(([label, now, then]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="quiet">{now}</td>
              <td data-changed={now !== then || undefined}>{then}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">Status</th>
            <td>
              <Chip status={PACING[row.status]} />
            </td>
            <td>
              <Chip status={PACING[supposed.status]} />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function usedUp(date: string | null | undefined): string {
  return date == null ? "Not before the last day" : day(date);
}
