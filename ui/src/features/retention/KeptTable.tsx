// What is there of each pipeline and until when: its figures, and the files they came from.
import type { RetentionLine } from "../../api/types.ts";
import { bytes } from "../../lib/bytes.ts";
import { day, instant, plural } from "../../lib/dates.ts";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Retention.module.css";
import { isHeld } from "./words.ts";

export function KeptTable({ items }: { items: readonly RetentionLine[] }) {
  return (
    <TableFrame label="What is kept, table">
      <table className={table.table}>
        <caption className="sr-only">What is kept for how long, by pipeline</caption>
        <thead>
          <tr>
            <th>Pipeline</th>
            <th>What</th>
            <th>Kept for</th>
            <th>There now</th>
            <th>Since</th>
            <th>Goes if before</th>
            <th>Goes next</th>
          </tr>
        </thead>
        {items.map((item) => (
          <tbody key={item.pipeline} className={classes.pair}>
            <Figures item={item} />
            <Files item={item} />
          </tbody>
        ))}
      </table>
    </TableFrame>
  );
}

function Figures({ item }: { item: RetentionLine }) {
  const due = item.days_due > 0;
  return (
    <tr>
      <td className={classes.who}>
        <PipelineLink pipeline={item.pipeline} className={table.name} />
      </td>
      <td>Figures</td>
      <td className="num">{plural(item.silver_days, "day")}</td>
      <td className="num">
        {plural(item.rows_kept, "row")}
        <span className="quieter"> of {plural(item.days_kept, "advertiser day")}</span>
      </td>
      <td className="num">{day(item.kept_since)}</td>
      <td className="num">
        {day(item.silver_before)}
        {isHeld(item) && (
          <span
            className="quieter"
            title="Later days may still change, or another pipeline keeps the same days longer."
          >
            {" "}
            held
          </span>
        )}
      </td>
      <td className={due ? classes.due : "quieter"}>
        {due ? `${plural(item.rows_due, "row")} of ${plural(item.days_due, "day")}` : "Nothing"}
      </td>
    </tr>
  );
}

function Files({ item }: { item: RetentionLine }) {
  const due = item.files_due > 0;
  return (
    <tr>
      <td>
        <span className="sr-only">{item.pipeline}</span>
      </td>
      <td>Files</td>
      <td className="num">{plural(item.bronze_days, "day")}</td>
      <td className="num">
        {plural(item.files_kept, "file")}
        <span className="quieter"> of {bytes(item.bytes_kept)}</span>
      </td>
      <td className="quieter">–</td>
      <td className="num" title={instant(item.bronze_before)}>
        {day(item.bronze_before.slice(0, 10))}
      </td>
      <td className={due ? classes.due : "quieter"}>
        {due ? `${plural(item.files_due, "file")} of ${bytes(item.bytes_due)}` : "Nothing"}
      </td>
    </tr>
  );
}
