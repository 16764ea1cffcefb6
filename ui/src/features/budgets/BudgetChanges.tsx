// Who changed the organisation's limits, when, and from what to what.
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { budgetChangesQuery } from "../../api/budgets.ts";
import type { BudgetChange } from "../../api/types.ts";
import { Person } from "../../ui/Person.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { Section } from "../../ui/Section.tsx";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Budgets.module.css";
import { changeWords } from "./resources.ts";

export function BudgetChanges() {
  const changes = useInfiniteQuery(budgetChangesQuery);
  const items = changes.data?.pages.flatMap((page) => page.items);
  return (
    <Section title="History">
      {changes.error && !items ? (
        <ErrorState
          error={changes.error}
          what="load who changed the limits"
          onRetry={() => void changes.refetch()}
        />
      ) : items === undefined ? (
        <Skeleton height={72} radius={8} />
      ) : items.length === 0 ? (
        <p className="quiet">Nobody here has changed the limits; the platform's hold.</p>
      ) : (
        <TableFrame label="History of the limits, table">
          <table className={table.table}>
            <caption className="sr-only">Changes of the limits, newest first</caption>
            <thead>
              <tr>
                <th>When</th>
                <th>By</th>
                <th>What</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={`${item.changed_at} ${item.changed_by}`} item={item} />
              ))}
            </tbody>
          </table>
          <ShowMore of={changes} />
        </TableFrame>
      )}
    </Section>
  );
}

function Row({ item }: { item: BudgetChange }) {
  return (
    <tr>
      <td>
        <RelativeTime at={item.changed_at} />
      </td>
      <td className="quiet">
        <Person userId={item.changed_by} />
      </td>
      <td>
        <ul className={classes.changes}>
          {item.limits.flatMap(changeWords).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
