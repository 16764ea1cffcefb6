import { Button, Checkbox } from "@mantine/core";
import type { Advertiser } from "../../api/types.ts";
import { roughDuration } from "../../lib/dates.ts";
import { GhostRows } from "../../ui/GhostRows.tsx";
import table from "../../ui/table.module.css";
import classes from "./AdvertisersPage.module.css";
import type { Selection } from "./selection.ts";

type Props = {
  loading: boolean;
  items: readonly Advertiser[];
  total: number;
  selection: Selection;
  onClearSearch: () => void;
};

export function AdvertiserTable({ loading, items, total, selection, onClearSearch }: Props) {
  const ids = items.map((item) => item.advertiser_id);
  const chosen = ids.filter(selection.has).length;
  return (
    <div className={`${table.frame} ${classes.frame}`} aria-busy={loading}>
      <table className={table.table}>
        <caption className="sr-only">Advertisers of the chosen partner</caption>
        <thead>
          <tr>
            <th className={classes.check}>
              <Checkbox
                aria-label="Select all shown advertisers"
                disabled={ids.length === 0}
                checked={ids.length > 0 && chosen === ids.length}
                indeterminate={chosen > 0 && chosen < ids.length}
                onChange={(event) => selection.set(ids, event.currentTarget.checked)}
              />
            </th>
            <th>Advertiser</th>
            <th>Currency</th>
            <th>Time zone</th>
            <th data-num>Backfill (days)</th>
            <th data-num>Estimate</th>
          </tr>
        </thead>
        <tbody>
          {loading && <GhostRows rows={6} widths={[16, 220, 32, 112, 24, 88]} />}
          {items.map((item) => (
            <Row key={item.advertiser_id} item={item} selection={selection} />
          ))}
        </tbody>
      </table>
      {!loading && items.length === 0 && (
        <div className={classes.empty}>
          {total === 0 ? (
            <p>This partner has no advertiser that your Google account can see.</p>
          ) : (
            <>
              <p>No advertiser matches.</p>
              <Button variant="default" size="xs" onClick={onClearSearch}>
                Clear search
              </Button>
            </>
          )}
        </div>
      )}
    </div>
  );
}

function Row({ item, selection }: { item: Advertiser; selection: Selection }) {
  const inactive = !item.entity_status.endsWith("_ACTIVE") && item.entity_status !== "active";
  const boxId = `advertiser-${item.advertiser_id}`;
  return (
    <tr>
      <td className={classes.check}>
        <Checkbox
          id={boxId}
          checked={selection.has(item.advertiser_id)}
          onChange={(event) => selection.set([item.advertiser_id], event.currentTarget.checked)}
          aria-label={item.name}
        />
      </td>
      <td>
        <label htmlFor={boxId} className={classes.label}>
          <span className={table.name}>
            {item.name}
            <span className={table.sub}>
              {" "}
              {item.advertiser_id}
              {inactive && " · not active"}
            </span>
          </span>
        </label>
      </td>
      <td>{item.currency}</td>
      <td className="quiet">{item.time_zone}</td>
      <td data-num>{item.estimate.days}</td>
      <td data-num className="quiet">
        {roughDuration(item.estimate.seconds)}
      </td>
    </tr>
  );
}
