// Renders openapi.json as a plain list of operations, grouped by tag.
const main = document.querySelector("main");
const make = (tag, text, attributes = {}) =>
  Object.assign(document.createElement(tag), { textContent: text ?? "" }, attributes);

function shape(schema, all, depth = 0) {
  if (!schema) return "";
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return depth > 3 ? name : shape(all[name], all, depth + 1) || name;
  }
  const pad = "  ".repeat(depth + 1);
  if (schema.oneOf || schema.anyOf) return (schema.oneOf ?? schema.anyOf).map((s) => shape(s, all, depth)).join(" | ");
  if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(" | ");
  if (schema.type === "array") return `[${shape(schema.items, all, depth)}]`;
  if (schema.properties) {
    const required = new Set(schema.required ?? []);
    const lines = Object.entries(schema.properties).map(
      ([key, value]) => `${pad}${key}${required.has(key) ? "" : "?"}: ${shape(value, all, depth + 1)}`,
    );
    return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
  }
  return [schema.type].flat().join(" | ");
}

function operation(method, path, op, all) {
  const box = make("details");
  const head = make("summary");
  head.append(make("span", method, { className: "method" }), make("code", path), make("span", op.summary ?? "", { className: "dim" }));
  const body = make("div");
  if (op.description) body.append(make("p", op.description));
  if (op.parameters?.length) {
    const table = make("table");
    table.innerHTML = "<thead><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr></thead>";
    for (const p of op.parameters) {
      const row = table.insertRow();
      for (const text of [p.name + (p.required ? "" : " (optional)"), p.in, p.description ?? ""]) row.insertCell().textContent = text;
    }
    body.append(table);
  }
  const sent = op.requestBody?.content?.["application/json"]?.schema;
  if (sent) body.append(make("p", "Body", { className: "dim" }), make("pre", shape(sent, all)));
  for (const [status, answer] of Object.entries(op.responses ?? {})) {
    body.append(make("p", `${status} ${answer.description ?? ""}`, { className: "dim" }));
    const got = answer.content?.["application/json"]?.schema;
    if (got) body.append(make("pre", shape(got, all)));
  }
  box.append(head, body);
  return box;
}

fetch("/api/openapi.json")
  .then((response) => (response.ok ? response.json() : Promise.reject(new Error(`status ${response.status}`))))
  .then((api) => {
    main.replaceChildren();
    const groups = new Map();
    for (const [path, methods] of Object.entries(api.paths ?? {}))
      for (const [method, op] of Object.entries(methods)) {
        const tag = op.tags?.[0] ?? "other";
        groups.set(tag, [...(groups.get(tag) ?? []), operation(method, path, op, api.components?.schemas ?? {})]);
      }
    for (const [tag, boxes] of groups) main.append(make("h2", tag), ...boxes);
  })
  .catch((error) => main.replaceChildren(make("p", `The description could not be loaded (${error.message}). Reload to try again.`)));
