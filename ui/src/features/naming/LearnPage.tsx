// A convention learned from the names in use, as a proposal with what it rests on.
import { Button, Select, Skeleton } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { complianceQuery, proposalQuery } from "../../api/naming.ts";
import { sessionQuery } from "../../api/session.ts";
import type { NamingProposal } from "../../api/types.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import type { Search } from "../../lib/search.ts";
import { plain } from "../../lib/sentence.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Naming.module.css";
import { LEVELS, levelOf, levelWords } from "./words.ts";

export function LearnPage() {
  const search: Search = useSearch({ strict: false });
  const level = levelOf(search.level);
  const { advertiser } = search;
  const go = useGo();
  const navigate = useNavigate();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const compliance = useQuery(complianceQuery(undefined));
  const learned = useQuery(proposalQuery(level, advertiser));
  const found = learned.data?.proposal != null;
  const change = (next: { level?: string; advertiser?: string }) => {
    const all = { level, ...(advertiser ? { advertiser } : {}), ...next };
    const kept = Object.entries(all).filter(([, value]) => value !== "");
    void navigate({ to: ".", search: Object.fromEntries(kept) as Search });
  };
  return (
    <Page
      above={<AppLink to={org.conventions()}>Conventions</AppLink>}
      title="Learn from names"
      context="What the names in use have in common. A proposal: nothing is kept until you save it."
      actions={
        can(session.role, "manage settings") && (
          <Button
            disabled={!found}
            onClick={() => go(org.newConvention({ level, ...(advertiser ? { advertiser } : {}) }))}
          >
            Use this proposal
          </Button>
        )
      }
    >
      <div className={classes.toolbar}>
        <Select
          aria-label="Level"
          allowDeselect={false}
          data={[...LEVELS]}
          value={level}
          onChange={(next) => change({ level: next ?? "line_item" })}
        />
        <Select
          data-wide
          aria-label="Advertiser"
          placeholder="All advertisers"
          clearable
          searchable
          data={(compliance.data?.advertisers ?? []).map((one) => ({
            value: one.advertiser_id,
            label: one.advertiser_name || one.advertiser_id,
          }))}
          value={advertiser ?? null}
          onChange={(next) => change({ advertiser: next ?? "" })}
        />
      </div>
      {learned.error ? (
        <ErrorState
          error={learned.error}
          what="learn from the names"
          onRetry={() => void learned.refetch()}
        />
      ) : learned.data === undefined ? (
        <Skeleton height={320} radius={8} />
      ) : (
        <Learned answer={learned.data} level={level} />
      )}
    </Page>
  );
}

function Learned({ answer, level }: { answer: NamingProposal; level: string }) {
  const { proposal } = answer;
  if (proposal == null) {
    return (
      <EmptyState title="These names show no convention">
        {answer.names < 10
          ? `There are ${count(answer.names)} ${levelWords(level).toLocaleLowerCase()}; ten at least are needed.`
          : "No separator cuts most of them alike. Try one advertiser, or write a convention yourself."}
      </EmptyState>
    );
  }
  const { convention, fields, exceptions } = proposal;
  return (
    <>
      <p aria-live="polite">
        <strong className="num">
          {count(proposal.keep)} of {count(proposal.names)}
        </strong>{" "}
        names keep to it. Fields are separated by <code>{convention.delimiter}</code>.
      </p>
      <TableFrame label="Fields, table">
        <table className={table.table}>
          <caption className="sr-only">Fields</caption>
          <thead>
            <tr>
              <th>Field</th>
              <th>Is</th>
              <th data-num>Different values</th>
              <th data-num>Left out</th>
              <th>Most frequent</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field, at) => (
              <tr key={field.name}>
                <td>
                  <span className={table.name}>{field.name}</span>
                </td>
                <td className="quiet">{kindWords(convention.fields[at])}</td>
                <td data-num>{count(field.distinct)}</td>
                <td data-num>{field.left_out > 0 ? count(field.left_out) : "–"}</td>
                <td className={classes.name}>{field.examples.join(", ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {exceptions.length > 0 && (
        <section className={classes.section} aria-labelledby="exceptions">
          <h2 id="exceptions">Some that do not keep to it</h2>
          <ul className={classes.list}>
            {exceptions.map((name) => (
              <li key={name} className={classes.name}>
                {name}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

type Learnt = NonNullable<NamingProposal["proposal"]>["convention"]["fields"][number];

function kindWords(field: Learnt | undefined): string {
  if (field === undefined) return "";
  const { kind } = field;
  const optional = field.presence === "optional" ? ", optional" : "";
  if (kind.type === "picklist") return `One of ${kind.values.length}${optional}`;
  if (kind.type === "date") return `Date ${kind.format}${optional}`;
  return `${plain(kind.type)}${optional}`;
}
