// Fills a field's picklist from a published vocabulary: CSV, tab-separated text or JSON.
import { Button, FileButton, Select } from "@mantine/core";
import { useState } from "react";
import { readPicklist } from "../../api/naming.ts";
import { useWrite } from "../../api/write.ts";
import { isObject } from "../../lib/json-changes.ts";
import { readJson } from "../../lib/json-places.ts";
import { prettyJson } from "../../lib/json-pretty.ts";
import { FormError } from "../../ui/FormError.tsx";
import classes from "./Naming.module.css";

type Props = { text: string; onChange: (text: string) => void };

export function PicklistImport({ text, onChange }: Props) {
  const [field, setField] = useState<string | null>(null);
  const read = readJson(text);
  const names = read.ok ? fieldNames(read.value) : [];
  const [said, setSaid] = useState("");
  const load = useWrite(readPicklist, {
    onSuccess: (list) => {
      if (!read.ok || field === null) return;
      onChange(prettyJson(withValues(read.value, field, list.values)));
      const left = list.left_out.length > 0 ? `; left out: ${list.left_out.join(", ")}` : "";
      setSaid(`${list.values.length} values for ${field}${left}.`);
    },
  });
  return (
    <section className={classes.panel} aria-labelledby="import">
      <h2 id="import">Import a picklist</h2>
      <p className="quiet small">
        A vocabulary as it is published, such as the IAB's: CSV, tab-separated or JSON.
      </p>
      <div className="row">
        <Select
          aria-label="Field"
          placeholder="Field"
          data={names}
          value={field}
          onChange={setField}
        />
        <FileButton
          accept=".csv,.tsv,.txt,.json"
          onChange={(file) => {
            if (file) void file.text().then((read) => load.mutate(read));
          }}
        >
          {(button) => (
            <Button
              {...button}
              variant="default"
              disabled={field === null}
              loading={load.isPending}
            >
              Choose a file
            </Button>
          )}
        </FileButton>
      </div>
      <FormError error={load.error} />
      <p className="quiet small" aria-live="polite">
        {said}
      </p>
    </section>
  );
}

function fieldsOf(document: unknown): Record<string, unknown>[] {
  const fields = isObject(document) ? document.fields : null;
  return Array.isArray(fields) ? fields.filter(isObject) : [];
}

function fieldNames(document: unknown): string[] {
  return fieldsOf(document).flatMap(({ name }) => (typeof name === "string" ? [name] : []));
}

export function withValues(document: unknown, field: string, values: unknown): unknown {
  if (!isObject(document)) return document;
  const fields = fieldsOf(document).map((one) =>
    one.name === field ? { ...one, kind: { type: "picklist", values } } : one,
  );
  return { ...document, fields };
}
