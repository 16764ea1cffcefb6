// The text that is being edited. It is kept in this browser until it is saved or thrown away, so
// that a closed tab or an ended session loses nothing.
import { useLocalStorage } from "@mantine/hooks";
import { prettyJson } from "../lib/json-pretty.ts";

/** `base` tells a draft of this version from one of an older one. */
type Draft = { base: number; text: string };

export function useDraft(pipeline: string, saved: unknown, base: number) {
  const [draft, setDraft, forget] = useLocalStorage<Draft | null>({
    key: keyOf(pipeline),
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const original = prettyJson(saved);
  return {
    text: draft?.text ?? original,
    setText: (text: string) => (text === original ? forget() : setDraft({ base, text })),
    isDraft: draft !== null,
    /** Somebody saved in the meantime. */
    isStale: draft !== null && draft.base !== base,
    discard: forget,
  };
}

const keyOf = (pipeline: string) => `draft:${pipeline}`;

/** A first text for a pipeline that there is not yet. */
export function beginDraft(pipeline: string, text: string) {
  const draft: Draft = { base: 0, text };
  localStorage.setItem(keyOf(pipeline), JSON.stringify(draft));
}

export function hasDraft(pipeline: string): boolean {
  return localStorage.getItem(keyOf(pipeline)) !== null;
}
