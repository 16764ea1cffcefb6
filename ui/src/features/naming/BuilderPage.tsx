// A whole name from the values of its fields; only names that keep to the convention come of it.
import { Select, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { builtNameQuery, conventionQuery } from "../../api/naming.ts";
import type { ConventionEntry, ConventionField } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import { plain, sentence } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { Page } from "../../ui/Page.tsx";
import { ErrorState } from "../../ui/States.tsx";
import classes from "./Naming.module.css";

type Convention = NonNullable<ConventionEntry["convention"]>;

export function BuilderPage() {
  const { conventionId: id = "" } = useParams({ strict: false }) as { conventionId?: string };
  const entry = useQuery(conventionQuery(id));
  const convention = entry.data?.convention;
  return (
    <Page
      above={<AppLink to={org.convention(id)}>{convention?.title ?? "Convention"}</AppLink>}
      title="Build a name"
      context="Fill in the fields; what is known from elsewhere is filled in for you."
    >
      {entry.error ? (
        <ErrorState
          error={entry.error}
          what="load this convention"
          onRetry={() => void entry.refetch()}
        />
      ) : convention ? (
        <Builder id={id} convention={convention} />
      ) : (
        <Skeleton height={240} radius={8} />
      )}
    </Page>
  );
}

function Builder({ id, convention }: { id: string; convention: Convention }) {
  const [values, setValues] = useState<Record<string, string[]>>({});
  const [about, setAbout] = useState({ parent: "", start: "", end: "" });
  const [settled] = useDebouncedValue({ id, values, ...about }, 250);
  const built = useQuery({ ...builtNameQuery(settled), placeholderData: keepPreviousData });
  const issues = built.data?.issues ?? [];
  const touched = Object.keys(values).length > 0;
  const part = (key: keyof typeof about, label: string, type: "text" | "date") => (
    <TextInput
      type={type}
      label={label}
      value={about[key]}
      onChange={(event) => setAbout({ ...about, [key]: event.currentTarget.value })}
    />
  );
  const above = { insertion_order: "Campaign id", line_item: "Insertion order id" } as const;
  return (
    <>
      <section className={classes.panel} aria-label="The name">
        {built.error ? (
          <ErrorState
            error={built.error}
            what="build the name"
            onRetry={() => void built.refetch()}
          />
        ) : built.data?.name ? (
          <p className={classes.built} aria-live="polite">
            <CopyText text={built.data.name} what="name" />
          </p>
        ) : (
          <ul className={classes.issues} aria-live="polite">
            {issues.map((issue) => (
              <li key={issue.message}>{sentence(issue.message)}</li>
            ))}
          </ul>
        )}
      </section>
      <div className={classes.fields}>
        {convention.fields.map((field) => (
          <Part
            key={field.name}
            field={field}
            value={values[field.name] ?? []}
            error={touched ? issues.find((one) => one.field === field.name)?.message : undefined}
            onChange={(next) => setValues({ ...values, [field.name]: next })}
          />
        ))}
      </div>
      <h2>What it is for</h2>
      <div className={classes.fields}>
        {convention.level in above &&
          part("parent", above[convention.level as keyof typeof above], "text")}
        {part("start", "First day", "date")}
        {part("end", "Last day", "date")}
      </div>
    </>
  );
}

type PartProps = {
  field: ConventionField;
  value: string[];
  error: string | undefined;
  onChange: (value: string[]) => void;
};

function Part({ field, value, error, onChange }: PartProps) {
  const label =
    field.presence === "optional" ? `${plain(field.name)} (optional)` : plain(field.name);
  if (field.kind.type === "picklist") {
    return (
      <Select
        label={label}
        searchable
        clearable
        error={error}
        data={field.kind.values.map(({ code, label }) => ({
          value: code,
          label: label ? `${code}, ${label}` : code,
        }))}
        value={value[0] ?? null}
        onChange={(next) => onChange(next === null ? [] : [next])}
      />
    );
  }
  const repeated = field.presence === "repeated";
  return (
    <TextInput
      label={label}
      description={hint(field, repeated)}
      error={error}
      value={value.join(repeated ? "," : "")}
      onChange={({ currentTarget: { value: text } }) =>
        onChange(text === "" ? [] : repeated ? text.split(",") : [text])
      }
    />
  );
}

function hint({ kind }: ConventionField, repeated: boolean): string | undefined {
  if (repeated) return "Several are separated by commas.";
  if (kind.type === "date") return kind.format;
  if (kind.type === "pattern") return kind.pattern;
  return undefined;
}
