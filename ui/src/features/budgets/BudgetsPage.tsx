// What was used of each limit, the org's and its pipelines', and who set them. Reaching one makes
// reading wait until it is counted anew; it never fails anything.
import { Button, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { budgetsQuery } from "../../api/budgets.ts";
import { pipelinesQuery } from "../../api/pipelines.ts";
import { sessionQuery } from "../../api/session.ts";
import type { BudgetLine, Budgets } from "../../api/types.ts";
import { instant } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { Section } from "../../ui/Section.tsx";
import { ErrorState } from "../../ui/States.tsx";
import table from "../../ui/table.module.css";
import { BudgetChanges } from "./BudgetChanges.tsx";
import { BudgetTable } from "./BudgetTable.tsx";
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
      {budgets.error && !budgets.data ? (
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
          <BudgetTable
            label="Use and limits"
            head={["Of"]}
            lines={budgets.data.items.map((item) => ({ key: item.resource, item }))}
          />
          {!mayEdit && <p className="small quieter">An owner or admin can change the limits.</p>}
          <Pipelines budgets={budgets.data} />
          <BudgetChanges />
          {editing && <EditBudgets budgets={budgets.data} onClose={edit.close} />}
        </>
      )}
    </Page>
  );
}

function Spent({ budgets }: { budgets: Budgets }) {
  const titles = useQuery(pipelinesQuery).data?.items;
  const lines = [
    ...budgets.items.map((item) => ({ whose: "", item })),
    ...budgets.pipelines.flatMap(({ pipeline, items }) =>
      items.map((item) => ({
        whose: titles?.find((one) => one.pipeline === pipeline)?.title ?? pipeline,
        item,
      })),
    ),
  ];
  return lines
    .filter(({ item }) => item.standing !== "within")
    .map(({ whose, item }) => (
      <Notice key={`${whose} ${item.resource}`} tone="attention" title={titleOf(whose, item)}>
        {item.standing === "used_up"
          ? "Reading"
          : "Backfills wait; everything else goes on. Reading all"}{" "}
        goes on by itself after {instant(item.resets_at)}.
      </Notice>
    ));
}

function titleOf(whose: string, { resource, standing }: BudgetLine): string {
  const { label } = resourceOf(resource);
  const what = whose === "" ? label : `${label} of “${whose}”`;
  return standing === "used_up" ? `${what}: used up.` : `${what}: past the warning.`;
}

function Pipelines({ budgets }: { budgets: Budgets }) {
  const lines = budgets.pipelines.flatMap(({ pipeline, items }) =>
    items.map((item) => ({
      key: `${pipeline} ${item.resource}`,
      item,
      of: <PipelineLink pipeline={pipeline} className={table.name} />,
    })),
  );
  return (
    <Section
      title="Pipelines"
      context={
        lines.length > 0 &&
        "A pipeline's own budget stands in its description and holds beside the organisation's. At four fifths of it backfills wait."
      }
    >
      {lines.length === 0 ? (
        <p className="quiet">
          No pipeline has a budget of its own; one is set in its description.{" "}
          <AppLink to={org.pipelines()}>Pipelines</AppLink>
        </p>
      ) : (
        <BudgetTable label="Pipelines and their limits" head={["Pipeline", "Of"]} lines={lines} />
      )}
    </Section>
  );
}
