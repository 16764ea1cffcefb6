// The cells that differ, by name. Each leads to its day, and from there to the file behind it.
import type { FailingCell } from "../../api/types.ts";
import { day, instant } from "../../lib/dates.ts";
import { metricText, metricWord } from "../../lib/metrics.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Quality.module.css";

export function FailingCells({ cells, all }: { cells: readonly FailingCell[]; all: number }) {
  return (
    <section className={classes.section} aria-labelledby="failing">
      <h2 id="failing">
        Different <span className="quieter">{count(all)}</span>
      </h2>
      <TableFrame label="Cells that differ, table">
        <table className={table.table}>
          <caption className="sr-only">Cells that differ, latest day first</caption>
          <thead>
            <tr>
              <th>Advertiser</th>
              <th>Day</th>
              <th>Figure</th>
              <th data-num>Loaded</th>
              <th data-num>Source</th>
              <th data-num>Difference</th>
              <th>Most likely</th>
            </tr>
          </thead>
          <tbody>
            {cells.map((cell) => (
              <Row
                key={`${cell.dsp} ${cell.advertiser_id} ${cell.date} ${cell.metric}`}
                cell={cell}
              />
            ))}
          </tbody>
        </table>
      </TableFrame>
      {cells.length < all && (
        <p className="small quieter">The {count(cells.length)} latest are listed.</p>
      )}
    </section>
  );
}

function Row({ cell }: { cell: FailingCell }) {
  const at = org.calendar({ to: cell.date, advertiser: cell.advertiser_id, date: cell.date });
  const { difference } = cell;
  return (
    <tr>
      <td className={classes.who}>
        <AppLink to={at} className={table.name} title={cell.advertiser_name}>
          {cell.advertiser_name}
        </AppLink>
      </td>
      <td className="num">{day(cell.date)}</td>
      <td>{metricWord(cell.metric)}</td>
      <td data-num>{metricText(cell.metric, cell.silver, cell.currency)}</td>
      <td data-num>{metricText(cell.metric, cell.source, cell.currency)}</td>
      <td data-num className={classes.different}>
        {difference > 0 ? "+" : ""}
        {metricText(cell.metric, difference, cell.currency)}
      </td>
      <td className="quiet" title={readWords(cell)}>
        {reasonOf(cell)}
      </td>
    </tr>
  );
}

/** What explains it most often; the day's own page has the facts. */
function reasonOf({ silver, source, provisional }: FailingCell): string {
  if (silver === 0 && source !== 0) return "Not in the file that is loaded";
  return provisional ? "Read at different times" : "Wrong here or there";
}

function readWords(cell: FailingCell): string {
  const at = (iso: string | null | undefined) => (iso ? instant(iso) : "at an unknown time");
  return `Ours was made ${at(cell.silver_reported_at)}, theirs ${at(cell.source_reported_at)}`;
}
