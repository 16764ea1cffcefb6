// What the list is about. Filters that still make sense stay.
import type { PacingLevel } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import { LinkTabs } from "../../ui/LinkTabs.tsx";
import { DEFAULT_LEVEL, LEVELS } from "./levels.ts";
import type { PacingSearch } from "./search.ts";

export function LevelTabs({ search }: { search: PacingSearch }) {
  const { level: _level, search: _text, sort: _sort, ...kept } = search;
  const to = (level: PacingLevel) =>
    org.pacing({ ...kept, ...(level === DEFAULT_LEVEL ? {} : { level }) });
  const tabs = LEVELS.map(({ level, many }) => ({ key: level, label: many, to: to(level) }));
  return <LinkTabs label="Pacing by" tabs={tabs} current={search.level ?? DEFAULT_LEVEL} />;
}
