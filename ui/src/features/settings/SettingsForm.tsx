// The settings of a module as a form, made from their schema.
import { NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Settings } from "../../api/modules.ts";
import type { Finding } from "../../api/types.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { type Field, fieldsOf } from "./form.ts";
import classes from "./Settings.module.css";

type Props = {
  schema: unknown;
  values: Settings;
  problems: readonly Finding[];
  disabled: boolean;
  onChange: (values: Settings) => void;
};

export function SettingsForm({ schema, values, problems, disabled, onChange }: Props) {
  return (
    <div className={classes.form}>
      {fieldsOf(schema).map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={values[field.name]}
          disabled={disabled}
          error={problemOf(field, problems)}
          onChange={(value) => onChange({ ...values, [field.name]: value })}
        />
      ))}
    </div>
  );
}

/** With where in it, as far as it is a setting with parts. */
function problemOf({ name }: Field, problems: readonly Finding[]): string | undefined {
  const found = problems.find(({ path }) => path === `/${name}` || path.startsWith(`/${name}/`));
  if (found === undefined) return undefined;
  const inside = found.path.slice(name.length + 2);
  return inside === "" ? fullSentence(found.message) : `${inside}: ${found.message}`;
}

type InputProps = {
  field: Field;
  value: unknown;
  disabled: boolean;
  error: string | undefined;
  onChange: (value: unknown) => void;
};

function FieldInput({ field, value, disabled, error, onChange }: InputProps) {
  const common = { label: field.label, description: field.description, disabled, error };
  switch (field.kind) {
    case "switch":
      return (
        <Switch
          {...common}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          allowDecimal={false}
          {...(field.min === undefined ? {} : { min: field.min })}
          {...(field.max === undefined ? {} : { max: field.max })}
          clampBehavior="none"
          value={typeof value === "number" ? value : ""}
          onChange={(next) => onChange(next === "" ? null : next)}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          data={field.options}
          allowDeselect={false}
          value={typeof value === "string" ? value : null}
          onChange={onChange}
        />
      );
    case "text":
      return (
        <TextInput
          {...common}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "json":
      return <JsonInput common={common} value={value} onChange={onChange} />;
  }
}

type JsonProps = { common: object & { error: string | undefined }; value: unknown };

/** Text that is not JSON yet stays here and is told, not sent. */
function JsonInput({ common, value, onChange }: JsonProps & Pick<InputProps, "onChange">) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2) ?? "");
  const [fault, setFault] = useState<string>();
  const change = (next: string) => {
    setText(next);
    try {
      onChange(JSON.parse(next));
      setFault(undefined);
    } catch {
      setFault("This is not JSON yet.");
    }
  };
  return (
    <Textarea
      {...common}
      error={fault ?? common.error}
      autosize
      minRows={2}
      maxRows={16}
      spellCheck={false}
      classNames={{ input: classes.code ?? "" }}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
