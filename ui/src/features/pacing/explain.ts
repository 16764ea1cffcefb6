// Finds the explanation of a figure, whether a key is spelled with its unit or without.
import type { Explanation } from "../../api/types.ts";

const SAME: Record<string, string> = {
  spent: "spend",
  at_risk: "underspend_at_risk",
  projected: "projected_end",
  needed: "needed_per_day",
  average: "average_per_day",
};

function plain(key: string): string {
  const bare = key.replace(/_(micros|percent)$/, "");
  return SAME[bare] ?? bare;
}

export function explanationOf(
  explanations: readonly Explanation[],
  key: string,
): Explanation | undefined {
  return explanations.find((item) => plain(item.key) === plain(key));
}

/** Explanations that belong to no figure on the page, so that none is out of reach. */
export function unclaimed(
  explanations: readonly Explanation[],
  keys: readonly string[],
): Explanation[] {
  const claimed = new Set(keys.map(plain));
  return explanations.filter((item) => !claimed.has(plain(item.key)));
}
