// Lines of a budget: what was used of which limit. The first column says whose or of what.
import type { ReactNode } from "react";
import type { BudgetLine } from "../../api/types.ts";
import { Meter } from "../../ui/Meter.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Budgets.module.css";
import { resourceOf } from "./resources.ts";

type Line = { key: string; item: BudgetLine; of?: ReactNode };
type Props = { label: string; head: string[]; lines: readonly Line[] };

export function BudgetTable({ label, head, lines }: Props) {
  return (
    <TableFrame label={`${label}, table`}>
      <table className={table.table}>
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr>
            {head.map((word) => (
              <th key={word}>{word}</th>
            ))}
            <th data-num>Used</th>
            <th className={classes.meter} aria-label="Share" />
            <th data-num>Warn at</th>
            <th data-num>Limit</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, item, of }) => (
            <Row key={key} item={item} of={of} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Row({ item, of }: { item: BudgetLine; of: ReactNode }) {
  const { label, meaning, words, since } = resourceOf(item.resource);
  const { soft, hard } = item.limit;
  const end = hard ?? soft;
  const share = end ? Math.round((item.used / end) * 100) : null;
  return (
    <tr>
      {of !== undefined && <td className={classes.of}>{of}</td>}
      <td title={meaning}>
        <span className={of === undefined ? classes.label : undefined}>{label}</span>{" "}
        <span className="quieter">{since}</span>
      </td>
      <td data-num>{words(item.used)}</td>
      <td className={classes.meter}>
        {share === null ? (
          <span className="quieter">No limit</span>
        ) : (
          <Meter
            used={item.used}
            soft={soft}
            hard={hard}
            label={`${share} % of ${words(end ?? 0)}`}
          />
        )}
      </td>
      <td data-num className={soft == null ? "quieter" : undefined}>
        {soft == null ? "–" : words(soft)}
      </td>
      <td data-num className={hard == null ? "quieter" : undefined}>
        {hard == null ? "–" : words(hard)}
      </td>
    </tr>
  );
}
