// How a file's columns differ from what the pipeline expects, in words.
import { plural } from "./dates.ts";

export type Drift = {
  /** The spec's name of it; of a new one the header. */
  column: string;
  action: "evolve" | "freeze" | "quarantine";
} & (
  | { change: "new" }
  | { change: "missing" }
  | { change: "retyped"; cells: number; line: number; text: string }
  | { change: "renamed_suspected"; header: string }
);

const THEN: Record<Drift["action"], Record<"new" | "missing" | "retyped", string>> = {
  evolve: { new: "it is kept", missing: "it is empty", retyped: "it is kept as text" },
  freeze: { new: "it is left out", missing: "it is empty", retyped: "those cells are empty" },
  quarantine: {
    new: "the file was stopped",
    missing: "the file was stopped",
    retyped: "the file was stopped",
  },
};

export function driftWords(drift: Drift): string {
  const { column, action } = drift;
  switch (drift.change) {
    case "renamed_suspected":
      return `“${drift.header}” stands where ${column} is expected; it may be the same under a new name.`;
    case "new":
      return `“${column}” is new; ${THEN[action].new}.`;
    case "missing":
      return `${column} is missing; ${THEN[action].missing}.`;
    case "retyped":
      return (
        `${column} has ${plural(drift.cells, "cell")} of another type, ` +
        `such as “${drift.text}” on line ${drift.line}; ${THEN[action].retyped}.`
      );
  }
}
