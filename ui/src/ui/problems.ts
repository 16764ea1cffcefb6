// What is wrong with a document as one list: where it stops being JSON, or what the cell says.
import { type JsonText, type Place, placeOf } from "../lib/json-places.ts";
import { sentence } from "../lib/sentence.ts";

/** A warning is shown and stops nothing. */
export type Weight = "error" | "warning";
export type SpecProblem = { weight: Weight; path: string; message: string };
export type PlacedProblem = SpecProblem & { place: Place };

export function placeProblems(read: JsonText, problems: readonly SpecProblem[]): PlacedProblem[] {
  if (!read.ok) {
    const { message, ...place } = read.fault;
    return [{ weight: "error", path: "", message: sentence(message), place }];
  }
  return problems
    .map(({ weight, path, message }) => ({
      weight,
      path,
      message: sentence(message),
      place: placeOf(read.places, path) ?? { line: 1, start: 0, end: 0 },
    }))
    .sort((a, b) => a.place.start - b.place.start);
}
