import { expect, it } from "vitest";
import { fieldsOf } from "./form.ts";

it("draws each setting by what it may be, and leaves none out", () => {
  const fields = fieldsOf({
    properties: {
      on_pace_from_percent: { type: "integer", minimum: 0, maximum: 100, description: "From." },
      suggest: { type: "boolean" },
      budget_edits: { $ref: "#/$defs/Edits", description: "How edits count." },
      note: { type: "string" },
      calendars: { type: "array", items: {} },
    },
    $defs: { Edits: { type: "string", enum: ["as_planned", "restated"] } },
  });
  expect(fields).toMatchObject([
    { kind: "number", label: "On pace from percent", min: 0, max: 100, description: "From." },
    { kind: "switch", label: "Suggest" },
    {
      kind: "choice",
      description: "How edits count.",
      options: [
        { value: "as_planned", label: "As planned" },
        { value: "restated", label: "Restated" },
      ],
    },
    { kind: "text" },
    { kind: "json", label: "Calendars" },
  ]);
  expect(fieldsOf(null)).toEqual([]);
});
