// What was used of each limit. Reaching one makes reading wait until it is counted anew; it never
// fails anything.
import { Button, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { budgetsQuery } from "../../api/budgets.ts";
import { sessionQuery } from "../../api/session.ts";
import type { BudgetLine, Budgets } from "../../api/types.ts";
import { instant } from "../../lib/dates.ts";
import { can } from "../../lib/permissions.ts";
import { Meter } from "../../ui/Meter.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Budgets.module.css";
import { EditBudgets } from "./EditBudgets.tsx";
import { resourceOf } from "./resources.ts";

export function BudgetsPage() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const budgets = useQuery(budgetsQuery);
  const [editing, edit] = useDisclosure();
  const mayEdit = can(session.role, "manage settings");
  return (
    <Page
      narrow
      title="Budgets"
      context="What this organisation may use to bring its data in. At a limit reading waits; nothing is lost."
      actions={
        mayEdit &&
        budgets.data && (
          <Button variant="default" onClick={edit.open}>
            Edit limits
          </Button>
        )
      }
    >
      {budgets.error ? (
        <ErrorState
          error={budgets.error}
          what="load the budgets"
          onRetry={() => void budgets.refetch()}
        />
      ) : budgets.data === undefined ? (
        <Skeleton height={180} radius={8} />
      ) : (
        <>
          <Spent budgets={budgets.data} />
          <Limits budgets={budgets.data} />
          {!mayEdit && <p className="small quieter">An owner or admin can change the limits.</p>}
          {editing && <EditBudgets budgets={budgets.data} onClose={edit.close} />}
        </>
      )}
    </Page>
  );
}

function Spent({ budgets }: { budgets: Budgets }) {
  return budgets.items
    .filter(({ standing }) => standing !== "within")
    .map(({ resource, standing, resets_at }) => (
      <Notice
        key={resource}
        tone="attention"
        title={
          standing === "used_up"
            ? `${resourceOf(resource).label}: used up.`
            : `${resourceOf(resource).label}: past the warning.`
        }
      >
        {standing === "used_up"
          ? "Reading"
          : "Backfills wait; everything else goes on. Reading all"}{" "}
        goes on by itself after {instant(resets_at)}.
      </Notice>
    ));
}

function Limits({ budgets }: { budgets: Budgets }) {
  return (
    <TableFrame label="Budgets, table">
      <table className={table.table}>
        <caption className="sr-only">Use and limits</caption>
        <thead>
          <tr>
            <th>Of</th>
            <th data-num>Used</th>
            <th className={classes.meter} aria-label="Share" />
            <th data-num>Warn at</th>
            <th data-num>Limit</th>
          </tr>
        </thead>
        <tbody>
          {budgets.items.map((item) => (
            <Row key={item.resource} item={item} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Row({ item }: { item: BudgetLine }) {
  const { label, meaning, words, since } = resourceOf(item.resource);
  const { soft, hard } = item.limit;
  const end = hard ?? soft;
  const share = end ? Math.round((item.used / end) * 100) : null;
  return (
    <tr>
      <td title={meaning}>
        <span className={table.name}>{label}</span>
        <span className={classes.since}>{since}</span>
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
