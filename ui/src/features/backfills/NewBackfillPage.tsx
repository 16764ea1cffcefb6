// Choosing what to read again: the forecast comes with the choice, and nothing starts without a
// look at it. The whole choice is in the address.
import { Button, Select, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { forecastQuery, startBackfill } from "../../api/backfills.ts";
import { connectionsQuery } from "../../api/connections.ts";
import { pipelinesQuery } from "../../api/pipelines.ts";
import { sessionQuery } from "../../api/session.ts";
import { useWrite } from "../../api/write.ts";
import { connectionName } from "../../lib/connections.ts";
import { daysBetween, plural } from "../../lib/dates.ts";
import { type BackfillSearch, org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import type { Search } from "../../lib/search.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState, NoPermission } from "../../ui/States.tsx";
import classes from "./Backfills.module.css";
import { ForecastCard } from "./ForecastCard.tsx";
import { needsOf } from "./needs.ts";
import { problemOf, wishOf, withDefaults } from "./wish.ts";

export function NewBackfillPage() {
  const search: Search = useSearch({ strict: false });
  const { data: session } = useSuspenseQuery(sessionQuery);
  const connections = useQuery(connectionsQuery);
  const pipelines = useQuery(pipelinesQuery);
  const sources = connections.data?.items ?? [];
  const readable = (pipelines.data?.items ?? []).filter(({ enabled }) => enabled);
  const form = withDefaults(
    search,
    sources.map((item) => item.connection_id),
    readable.map((item) => item.pipeline),
  );
  const failed = connections.error ?? pipelines.error;
  return (
    <Page
      narrow
      title="New backfill"
      above={<AppLink to={org.backfills()}>Backfills</AppLink>}
      context="Reads days again, or for the first time. What is there already is replaced whole, day by day."
    >
      {!can(session.role, "start sync") ? (
        <NoPermission>An analyst, admin or owner can start a backfill.</NoPermission>
      ) : failed ? (
        <ErrorState error={failed} what="load what can be read" />
      ) : connections.data === undefined || pipelines.data === undefined ? (
        <Skeleton height={148} radius={8} />
      ) : sources.length === 0 ? (
        <EmptyState title="Nothing is connected yet">
          Connect a source first. <AppLink to={org.connections()}>Connections</AppLink>
        </EmptyState>
      ) : (
        <>
          <Choice
            form={form}
            connections={sources.map((item) => ({
              value: item.connection_id,
              label: connectionName(item),
            }))}
            pipelines={readable.map((item) => ({ value: item.pipeline, label: item.title }))}
          />
          <Forecasted form={form} />
        </>
      )}
    </Page>
  );
}

type Option = { value: string; label: string };
type Form = Required<BackfillSearch>;
type ChoiceProps = { form: Form; connections: Option[]; pipelines: Option[] };

function Choice({ form, connections, pipelines }: ChoiceProps) {
  const navigate = useNavigate();
  const change = (part: BackfillSearch) => {
    void navigate({ to: ".", search: (now: Search) => ({ ...now, ...part }), replace: true });
  };
  const problem = problemOf(form);
  return (
    <form className={classes.form} onSubmit={(event) => event.preventDefault()}>
      <Select
        label="Pipeline"
        data={pipelines}
        allowDeselect={false}
        value={form.pipeline}
        onChange={(pipeline) => pipeline && change({ pipeline })}
      />
      <Select
        label="Connection"
        data={connections}
        allowDeselect={false}
        value={form.connection}
        onChange={(connection) => connection && change({ connection })}
      />
      <TextInput
        label="First day"
        type="date"
        value={form.start}
        onChange={(event) => change({ start: event.currentTarget.value, end: form.end })}
      />
      <TextInput
        label="Last day"
        type="date"
        value={form.end}
        error={problem}
        onChange={(event) => change({ start: form.start, end: event.currentTarget.value })}
      />
    </form>
  );
}

const FORECAST_AFTER_MS = 400;

function Forecasted({ form }: { form: Form }) {
  const go = useGo();
  const queries = useQueryClient();
  const [settled] = useDebouncedValue(form, FORECAST_AFTER_MS);
  const wish = wishOf(settled);
  const forecast = useQuery({
    ...forecastQuery(wish ?? { connection_id: "", pipeline: "", start: "", end: "" }),
    enabled: wish !== null,
  });
  const start = useWrite(startBackfill, {
    onSuccess: (backfill) => {
      void queries.invalidateQueries({ queryKey: ["backfills"] });
      void queries.invalidateQueries({ queryKey: ["syncs"] });
      go(org.backfill(backfill.backfill_id), { replace: true });
    },
  });
  if (wishOf(form) === null) return null;
  if (forecast.error) {
    return (
      <ErrorState
        error={forecast.error}
        what="work out a forecast"
        onRetry={() => void forecast.refetch()}
      />
    );
  }
  if (forecast.data === undefined) return <Skeleton height={180} radius={8} />;
  const days = daysBetween(form.start, form.end) + 1;
  return (
    <ForecastCard
      minutes={forecast.data.minutes}
      needs={needsOf(forecast.data)}
      warnings={forecast.data.warnings.map(({ message }) => fullSentence(message))}
    >
      <FormError error={start.error} />
      <div className="row">
        <Button
          loading={start.isPending}
          disabled={settled.start !== form.start || settled.end !== form.end}
          onClick={() => start.mutate(forecast.data.forecast_id)}
        >
          Backfill {plural(days, "day")}
        </Button>
        <span className="small quieter">It can be cancelled at any time; what is in stays.</span>
      </div>
    </ForecastCard>
  );
}
