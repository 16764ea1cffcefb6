// A form out of a JSON Schema: one field for each setting, by what it may be.
import { isObject } from "../../lib/json-changes.ts";
import { plain } from "../../lib/sentence.ts";

export type Field = { name: string; label: string; description: string } & (
  | { kind: "switch" | "text" | "json" }
  | { kind: "number"; min: number | undefined; max: number | undefined }
  | { kind: "choice"; options: { value: string; label: string }[] }
);

/** What the form does not know how to draw is edited as JSON, so nothing is out of reach. */
export function fieldsOf(schema: unknown): Field[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  return Object.entries(schema.properties).map(([name, property]) => {
    const wanted = resolve(property, schema);
    const about = isObject(property) ? property.description : undefined;
    const description = textOf(about ?? (isObject(wanted) ? wanted.description : undefined));
    return { name, label: plain(name), description, ...kindOf(wanted) } as Field;
  });
}

function kindOf(wanted: unknown): object {
  if (!isObject(wanted)) return { kind: "json" };
  if (Array.isArray(wanted.enum)) {
    const options = wanted.enum.map(String).map((value) => ({ value, label: plain(value) }));
    return { kind: "choice", options };
  }
  if (Array.isArray(wanted.oneOf) && wanted.oneOf.every((one) => isObject(one) && one.enum)) {
    const values = wanted.oneOf.flatMap((one) => (one as { enum: unknown[] }).enum.map(String));
    return { kind: "choice", options: values.map((value) => ({ value, label: plain(value) })) };
  }
  if (wanted.type === "boolean") return { kind: "switch" };
  if (wanted.type === "integer" || wanted.type === "number") {
    return { kind: "number", min: numberOf(wanted.minimum), max: numberOf(wanted.maximum) };
  }
  return { kind: wanted.type === "string" ? "text" : "json" };
}

function resolve(property: unknown, schema: Record<string, unknown>): unknown {
  if (!isObject(property)) return property;
  const target = textOf(property.$ref).replace("#/$defs/", "");
  if (target === "") return property;
  return isObject(schema.$defs) ? schema.$defs[target] : undefined;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");
const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined);
