// What the palette offers, and what of it fits what was typed. Pure.
import type { Destination } from "./destinations.ts";

export type Command = {
  id: string;
  group: "Pages" | "Actions" | "Insertion orders" | "Line items" | "Advertisers";
  label: string;
  /** What tells it from others of its name. */
  detail?: string | undefined;
  keys?: readonly string[];
  run: () => void;
};

export function toPages(destinations: readonly Destination[], go: (to: string) => void): Command[] {
  return destinations.map(({ label, to, key }) => ({
    id: `page ${to}`,
    group: "Pages",
    label,
    keys: ["g", key],
    run: () => go(to),
  }));
}

/** Those that fit, the best first; all of them while nothing is typed. */
export function fitting(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...commands];
  return commands
    .map((command) => ({ command, rank: rankOf(command.label, words) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ command }) => command);
}

/** Every word has to be in it; the beginning of a word counts for more than its middle. */
function rankOf(label: string, words: readonly string[]): number {
  const text = label.toLowerCase();
  let rank = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at === -1) return 0;
    rank += at === 0 ? 3 : /\W/.test(text[at - 1] ?? "") ? 2 : 1;
  }
  return rank;
}

/** In the order of the groups, so that the arrow keys go down the list as it is shown. */
export function grouped(commands: readonly Command[]): [Command["group"], Command[]][] {
  const groups = new Map<Command["group"], Command[]>();
  for (const command of commands) {
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  return [...groups];
}
