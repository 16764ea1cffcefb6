// What a pipeline does, in sentences and one table of columns.
import { plain } from "../../lib/sentence.ts";
import { Fact, Facts } from "../../ui/Facts.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./PipelineSummary.module.css";
import type { Column, Spec } from "./spec.ts";
import {
  budgetWords,
  contractWords,
  datasetWords,
  fileDaysWords,
  fileWords,
  retentionWords,
  ruleWords,
  scheduleWords,
  severityWords,
  sourceWords,
  windowWords,
} from "./words.ts";

export function PipelineSummary({ spec }: { spec: Spec }) {
  const rules = spec.quality ?? [];
  const isFile = spec.source.connector === "file_drop";
  return (
    <>
      <Facts label="What it does">
        <Fact label="Reads">{sourceWords(spec.source)}</Fact>
        {spec.source.connector === "file_drop" && (
          <Fact label="File">{fileWords(spec.source.file)}</Fact>
        )}
        <Fact label="Gives">{datasetWords(spec.dataset)}</Fact>
        <Fact label="When">{isFile ? "As soon as a file comes" : scheduleWords(spec)}</Fact>
        <Fact label="Days">{isFile ? fileDaysWords(spec) : windowWords(spec)}</Fact>
        <Fact label="If a file differs">
          <ul className={classes.lines}>
            {contractWords(spec).map(([what, then]) => (
              <li key={what}>
                {what} {then}.
              </li>
            ))}
          </ul>
        </Fact>
        <Fact label="Checks">
          {rules.length === 0 ? (
            "Totals and row shape only"
          ) : (
            <ul className={classes.lines}>
              {rules.map((rule) => (
                <li key={JSON.stringify(rule)}>
                  {ruleWords(rule)} <span className="quieter">· {severityWords(rule)}</span>
                </li>
              ))}
            </ul>
          )}
        </Fact>
        <Fact label="Budget">{budgetWords(spec)}</Fact>
        <Fact label="Kept">{retentionWords(spec)}</Fact>
      </Facts>
      <ColumnsTable columns={spec.columns} />
    </>
  );
}

function ColumnsTable({ columns }: { columns: readonly Column[] }) {
  return (
    <section className={classes.section} aria-labelledby="columns">
      <h2 id="columns">
        Columns <span className="quieter">{columns.length}</span>
      </h2>
      <TableFrame label="Columns, table" className={classes.columns}>
        <table className={`${table.table} ${table.sticky}`}>
          <thead>
            <tr>
              <th>Column</th>
              <th>Read as</th>
              <th>Goes to</th>
              <th>Found under</th>
              <th>Asked for as</th>
              <th>If absent</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name}>
                <td>
                  <span className={table.name}>{column.name}</span>
                </td>
                <td>{plain(column.kind)}</td>
                <td>{column.to === "nothing" ? "Not kept" : plain(column.to)}</td>
                <td className={`quiet ${classes.headers}`} title={column.headers.join(" or ")}>
                  {column.headers.join(" or ")}
                </td>
                <td className="quiet">{column.ask ? <code>{column.ask}</code> : "–"}</td>
                <td className="quiet">{column.required === false ? "Empty" : "Quarantine"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
