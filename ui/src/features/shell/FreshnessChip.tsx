// "Data through 21 Nov": what is known, since when, and for which advertiser.
import { Popover } from "@mantine/core";
import { IconAlertTriangle, IconClockCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { freshnessQuery } from "../../api/session.ts";
import { day, plural } from "../../lib/dates.ts";
import { isLate, summarise } from "../../lib/freshness.ts";
import classes from "./FreshnessChip.module.css";

export function FreshnessChip() {
  const freshness = useQuery(freshnessQuery);
  const items = freshness.data?.items ?? [];
  const summary = summarise(items);
  if (summary === null) return null;
  const Icon = summary.late ? IconAlertTriangle : IconClockCheck;
  return (
    <Popover width={320} position="bottom-end">
      <Popover.Target>
        <button type="button" className={classes.chip} data-late={summary.late || undefined}>
          <Icon size={14} aria-hidden="true" />
          <span className={classes.long}>
            {summary.through ? `Data through ${day(summary.through)}` : "No data yet"}
            {summary.late && ", late"}
            {summary.provisionalDays > 0 &&
              summary.through &&
              ` · provisional ${plural(summary.provisionalDays, "day")}`}
          </span>
          <span className={classes.short}>{day(summary.through)}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={classes.intro}>
          Complete days only, in each advertiser's own time zone. The last{" "}
          {plural(summary.provisionalDays, "day")} may still change at the source.
        </p>
        <ul className={classes.list}>
          {items.map((item) => (
            <li key={`${item.dataset}-${item.advertiser_id}`} className={classes.item}>
              <span className="truncate" title={item.advertiser_name}>
                {item.advertiser_name}
                <span className={classes.zone}>{item.time_zone}</span>
              </span>
              <span className="num" data-late={isLate(item) || undefined}>
                {item.through ? day(item.through) : "No data yet"}
              </span>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
