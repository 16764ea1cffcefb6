// What a dry run read, row by row, and where it differs from what is loaded now.
import { Modal } from "@mantine/core";
import type { DryRunAnswer } from "../../api/types.ts";
import { day } from "../../lib/dates.ts";
import { inOrder, metricText, metricWord } from "../../lib/metrics.ts";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./DryRun.module.css";

type Props = { answer: DryRunAnswer; opened: boolean; onClose: () => void };

export function DryRunRows({ answer, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Dry run" size="min(1080px, 92vw)" centered>
      <div className="stack">
        {answer.difference && answer.difference.cells.length > 0 && (
          <Cells cells={answer.difference.cells} />
        )}
        {answer.sample.length > 0 && <Sample rows={answer.sample} />}
      </div>
    </Modal>
  );
}

function Cells({ cells }: { cells: NonNullable<DryRunAnswer["difference"]>["cells"] }) {
  return (
    <section className={classes.box} aria-labelledby="cells">
      <h2 id="cells">
        Different from now <span className="quieter">{cells.length}</span>
      </h2>
      <TableFrame label="Different from now, table" className={classes.rows}>
        <table className={table.table}>
          <thead>
            <tr>
              <th>Advertiser</th>
              <th>Day</th>
              <th>Figure</th>
              <th data-num>Now</th>
              <th data-num>Then</th>
            </tr>
          </thead>
          <tbody>
            {cells.map((cell) => (
              <tr key={`${cell.advertiser_id} ${cell.date} ${cell.metric}`}>
                <td className="num">{cell.advertiser_id}</td>
                <td className="num">{day(cell.date)}</td>
                <td>{metricWord(cell.metric)}</td>
                <td data-num>{metricText(cell.metric, cell.before)}</td>
                <td data-num>{metricText(cell.metric, cell.after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Sample({ rows }: { rows: DryRunAnswer["sample"] }) {
  const metrics = inOrder(rows.flatMap((row) => Object.keys(row.metrics)));
  return (
    <section className={classes.box} aria-labelledby="sample">
      <h2 id="sample">First rows</h2>
      <TableFrame label="First rows, table" className={classes.rows}>
        <table className={table.table}>
          <thead>
            <tr>
              <th data-num>Line</th>
              <th>Day</th>
              <th>Advertiser</th>
              <th>Line item</th>
              <th>Breakdown</th>
              <th>Currency</th>
              {metrics.map((metric) => (
                <th key={metric} data-num>
                  {metricWord(metric)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.line}>
                <td data-num>{row.line}</td>
                <td className="num">{day(row.date)}</td>
                <td className="num">{row.advertiser_id}</td>
                <td className="num">{row.line_item_id}</td>
                <td>{row.breakdown || "–"}</td>
                <td>{row.currency ?? "–"}</td>
                {metrics.map((metric) => (
                  <td key={metric} data-num>
                    {metricText(metric, row.metrics[metric])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
