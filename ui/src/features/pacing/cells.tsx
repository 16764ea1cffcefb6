// What stands in the cells of the pacing table.
import type { PacingRow } from "../../api/types.ts";
import { amount, decimal, exactMoney } from "../../lib/money.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip, PACING } from "../../ui/Chip.tsx";
import { MiddleText } from "../../ui/MiddleText.tsx";
import table from "../../ui/table.module.css";
import { placeOf } from "./levels.ts";
import classes from "./PacingTable.module.css";
import { countsImpressions } from "./words.ts";

export function Name({ row }: { row: PacingRow }) {
  return (
    <AppLink to={placeOf(row)} className={`${table.name} ${classes.order}`} data-row>
      <MiddleText text={row.name} className={classes.orderName} />
      <span className={classes.orderStatus}>
        <Chip status={PACING[row.status]} />
      </span>
    </AppLink>
  );
}

type AmountProps = { micros: number | null | undefined; row: PacingRow; strong: boolean };

export function Amount({ micros, row, strong }: AmountProps) {
  const exact = countsImpressions(row) ? undefined : exactMoney(micros, row.currency);
  return (
    <span title={exact} className={micros ? (strong ? classes.strong : undefined) : "quieter"}>
      {amount(micros)}
    </span>
  );
}

export function Share({ text }: { text: string | null | undefined }) {
  const some = Number(text) > 0;
  return <span className={some ? classes.strong : "quieter"}>{decimal(text)}</span>;
}

export function Text({ text }: { text: string }) {
  return (
    <span className={`quiet ${classes.text}`} title={text}>
      {text}
    </span>
  );
}
