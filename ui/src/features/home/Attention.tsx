// What has stopped, is late or was refused; nothing of it has to be looked for elsewhere.
import { Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconFlag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { attentionQuery } from "../../api/home.ts";
import type { AttentionItem } from "../../api/types.ts";
import { type Action, can, type Role } from "../../lib/permissions.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip, type Status } from "../../ui/Chip.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { Section } from "../../ui/Section.tsx";
import { ErrorState } from "../../ui/States.tsx";
import classes from "./Home.module.css";
import { placeOf } from "./place.ts";

const SEVERITY: Record<AttentionItem["severity"], Status> = {
  critical: { word: "Critical", tone: "critical", icon: IconCircleX },
  warning: { word: "Warning", tone: "attention", icon: IconAlertTriangle },
  notice: { word: "Next step", tone: "info", icon: IconFlag },
};

export function Attention({ role }: { role: Role }) {
  const attention = useQuery(attentionQuery);
  const items = attention.data?.items;
  return (
    <Section title="Needs you" count={items?.length || null}>
      {attention.error && items === undefined ? (
        <ErrorState
          error={attention.error}
          what="load what needs you"
          onRetry={() => void attention.refetch()}
        />
      ) : items === undefined ? (
        <Skeleton height={57} radius={8} />
      ) : items.length === 0 ? (
        <p className={classes.well}>
          <IconCircleCheck size={16} aria-hidden="true" />
          Data is on time, every connection works, and nothing was refused.
        </p>
      ) : (
        <ul className={classes.items} data-rows>
          {items.map((item) => (
            <Item key={`${item.code} ${item.subject_id}`} item={item} role={role} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Item({ item, role }: { item: AttentionItem; role: Role }) {
  const allowed = item.needs === "read" || can(role, item.needs.replaceAll("_", " ") as Action);
  return (
    <li className={classes.item}>
      <div className={classes.severity}>
        <Chip status={SEVERITY[item.severity]} />
      </div>
      <div className={classes.words}>
        <AppLink to={placeOf(item)} className={classes.title}>
          {item.title}
        </AppLink>
        <p className="quiet small">
          {item.what_to_do}
          {!allowed && " An owner or admin can do that."}
        </p>
      </div>
      {item.since && (
        <span className="quieter small num">
          <RelativeTime at={item.since} />
        </span>
      )}
    </li>
  );
}
