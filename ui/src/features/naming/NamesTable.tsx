// One row per name: what is wrong with it, and the likeliest name that would be right.
import type { NamingName } from "../../api/types.ts";
import { plain, sentence } from "../../lib/sentence.ts";
import { Chip } from "../../ui/Chip.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { GhostRows } from "../../ui/GhostRows.tsx";
import table from "../../ui/table.module.css";
import classes from "./Naming.module.css";
import { CONFIDENCE, nameStatus } from "./words.ts";

export function NamesTable({ items }: { items: readonly NamingName[] | undefined }) {
  return (
    <table className={`${table.table} ${classes.names}`} aria-busy={items === undefined}>
      <caption className="sr-only">Names</caption>
      <thead>
        <tr>
          <th>Name</th>
          <th>What is wrong</th>
          <th>Suggested</th>
        </tr>
      </thead>
      <tbody>
        {items?.map((item) => <Row key={`${item.level} ${item.entity_id}`} item={item} />) ?? (
          <GhostRows rows={4} widths={[320, 200, 240]} />
        )}
      </tbody>
    </table>
  );
}

function Row({ item }: { item: NamingName }) {
  return (
    <tr>
      <td>
        <span className={classes.name}>{item.name}</span>
        <div className={`quieter tiny ${classes.about}`}>
          <CopyText text={item.entity_id} what="id" />
          <span>{plain(item.level)}</span>
          <span>{item.advertiser_name || item.advertiser_id}</span>
        </div>
      </td>
      <td>
        {item.issues.length === 0 ? (
          <Chip status={nameStatus(item.compliant)} />
        ) : (
          <ul className={classes.issues}>
            {item.issues.map((issue) => (
              <li key={issue.message}>{sentence(issue.message)}</li>
            ))}
          </ul>
        )}
      </td>
      <td>
        <Suggested item={item} />
      </td>
    </tr>
  );
}

export function Suggested({ item }: { item: Pick<NamingName, "suggestions" | "compliant"> }) {
  const [best] = item.suggestions;
  if (best === undefined) {
    return <span className="quieter">{item.compliant === false ? "None comes near" : "–"}</span>;
  }
  const status = CONFIDENCE[best.confidence];
  return (
    <div className={classes.suggestion}>
      <span className={classes.name}>
        <CopyText text={best.name} what="suggested name" />
      </span>
      {status && <Chip status={status} />}
    </div>
  );
}
