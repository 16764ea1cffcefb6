// One row per name: what is wrong with it, and the likeliest name that would be right.
import { Skeleton } from "@mantine/core";
import type { NamingName } from "../../api/types.ts";
import { Chip } from "../../ui/Chip.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import table from "../../ui/table.module.css";
import classes from "./Naming.module.css";
import { CONFIDENCE, levelWords, nameStatus } from "./words.ts";

export function NamesTable({ items }: { items: readonly NamingName[] | undefined }) {
  return (
    <table className={`${table.table} ${classes.names}`} aria-busy={items === undefined}>
      <caption className="sr-only">Names</caption>
      <thead>
        <tr>
          <th>Name</th>
          <th>What is wrong</th>
          <th>Suggested</th>
          <th>Level</th>
          <th>Advertiser</th>
        </tr>
      </thead>
      <tbody>
        {items?.map((item) => <Row key={`${item.level} ${item.entity_id}`} item={item} />) ?? (
          <Ghosts />
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
        <div className="quieter tiny">
          <CopyText text={item.entity_id} what="id" />
        </div>
      </td>
      <td>
        {item.issues.length === 0 ? (
          <Chip status={nameStatus(item.compliant)} />
        ) : (
          <ul className={classes.issues}>
            {item.issues.map((issue) => (
              <li key={issue.message}>{issue.message}</li>
            ))}
          </ul>
        )}
      </td>
      <td>
        <Suggested item={item} />
      </td>
      <td className="quiet">{levelWords(item.level)}</td>
      <td className="quiet">{item.advertiser_name || item.advertiser_id}</td>
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

function Ghosts() {
  return [1, 2, 3, 4].map((row) => (
    <tr key={row}>
      {[240, 200, 240, 80, 120].map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a ghost is known by its place
        <td key={at}>
          <Skeleton height={10} width={width} />
        </td>
      ))}
    </tr>
  ));
}
