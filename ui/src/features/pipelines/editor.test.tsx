import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useRef, useState } from "react";
import { expect, it } from "vitest";
import { readJson } from "../../lib/json-places.ts";
import { ChangesList } from "../../ui/ChangesList.tsx";
import { type EditorHandle, JsonEditor } from "../../ui/JsonEditor.tsx";
import { indentAfter, partsOf } from "../../ui/json-parts.ts";
import { ProblemsList } from "../../ui/ProblemsList.tsx";
import { placeProblems, type SpecProblem } from "../../ui/problems.ts";

const DOCUMENT =
  '{\n  "title": "Days",\n  "columns": [\n    { "name": "date", "to": "dat" }\n  ]\n}';

function Editor({ text: given, says = [] }: { text: string; says?: SpecProblem[] }) {
  const [text, setText] = useState(given);
  const editor = useRef<EditorHandle>(null);
  const problems = placeProblems(readJson(text), says);
  return (
    <MantineProvider env="test">
      <JsonEditor
        ref={editor}
        text={text}
        onChange={setText}
        label="Spec"
        describedBy="verdict"
        marked={new Set(problems.map(({ place }) => place.line))}
      />
      <ProblemsList
        id="verdict"
        problems={problems}
        checking={false}
        onJump={({ place }) => editor.current?.jump(place)}
      />
    </MantineProvider>
  );
}

it("a problem names its line, and leads to the text it is about", async () => {
  render(
    <Editor
      text={DOCUMENT}
      says={[{ weight: "error", path: "/columns/0/to", message: "no such column" }]}
    />,
  );
  const problem = screen.getByRole("button", { name: /Line 4.*\/columns\/0\/to.*No such column/ });
  await userEvent.click(problem);
  const area = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Spec" });
  expect(area).toHaveFocus();
  expect(area.value.slice(area.selectionStart, area.selectionEnd)).toBe('"dat"');
  expect(area).toHaveAccessibleDescription("1 problem");
});

it("text that is not JSON is the one problem, at once", async () => {
  render(<Editor text={'{"a": 1}'} says={[{ weight: "error", path: "/a", message: "stale" }]} />);
  const area = screen.getByRole("textbox", { name: "Spec" });
  await userEvent.clear(area);
  await userEvent.type(area, '{{"a": 1,');
  const list = screen.getByRole("region", { name: "Problems" });
  expect(within(list).getAllByRole("button")).toHaveLength(1);
  expect(within(list).getByRole("button")).toHaveTextContent("Line 1A name in quotes");
});

it("a new line keeps the indent", () => {
  expect(indentAfter('{\n  "a": {')).toBe("    ");
  expect(indentAfter('{\n  "a": 1,')).toBe("  ");
  expect(indentAfter("{")).toBe("  ");
});

it("colours never lose a character", () => {
  for (const line of [
    ...DOCUMENT.split("\n"),
    '"open',
    "-",
    "tru nul",
    '"a\\"b": -1.5e3,',
    "é\t",
  ]) {
    expect(
      partsOf(line)
        .map(({ text }) => text)
        .join(""),
    ).toBe(line);
  }
  expect(partsOf('"a": true')).toEqual([
    { kind: "name", text: '"a":' },
    { kind: "mark", text: " " },
    { kind: "value", text: "true" },
  ]);
});

it("a change shows both sides, and one that was added only the new one", () => {
  render(
    <ChangesList
      none="Nothing differs."
      changes={[
        { path: "/window/first_days", before: 90, after: 60 },
        { path: "/columns/views", after: { name: "views" } },
      ]}
    />,
  );
  const [first, second] = screen.getAllByRole("listitem");
  expect(first).toHaveTextContent("window › first_days−Before: 90+After: 60");
  expect(second).toHaveTextContent('columns › views+After: {"name":"views"}');
});
