// Keys for writes. A key belongs to one intent: the same input sent again after an unknown
// outcome keeps its key, so that a double submit or a retry can never act twice.

export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export type Outcome = "done" | "refused" | "unknown";

export class KeyRing {
  #last: { input: string; key: string } | null = null;

  keyFor(input: unknown): string {
    const text = JSON.stringify(input) ?? "";
    if (this.#last?.input !== text) this.#last = { input: text, key: newKey() };
    return this.#last.key;
  }

  /** After a definite answer the next attempt is a new intent; after an unknown one it is not. */
  settle(outcome: Outcome): void {
    if (outcome !== "unknown") this.#last = null;
  }
}
