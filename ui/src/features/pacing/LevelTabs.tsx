// What the list is about. Filters that still make sense stay.
import type { PacingLevel } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import classes from "./LevelTabs.module.css";
import { DEFAULT_LEVEL, LEVELS } from "./levels.ts";
import type { PacingSearch } from "./search.ts";

export function LevelTabs({ search }: { search: PacingSearch }) {
  const { level: _level, search: _text, sort: _sort, ...kept } = search;
  const now = search.level ?? DEFAULT_LEVEL;
  const to = (level: PacingLevel) =>
    org.pacing({ ...kept, ...(level === DEFAULT_LEVEL ? {} : { level }) });
  return (
    <nav className={classes.tabs} aria-label="Pacing by">
      {LEVELS.map(({ level, many }) => (
        <AppLink
          key={level}
          to={to(level)}
          whole
          className={classes.tab}
          aria-current={level === now ? "page" : undefined}
        >
          {many}
        </AppLink>
      ))}
    </nav>
  );
}
