// The pacing page's state is its address: filter, sort and hidden columns.
import type { PacingLevel, PacingStatus } from "../../api/types.ts";
import type { Search } from "../../lib/search.ts";
import { DEFAULT_LEVEL, LEVELS } from "./levels.ts";

export const STATUSES: readonly PacingStatus[] = [
  "behind",
  "ahead",
  "on_pace",
  "not_started",
  "ended",
  "no_budget",
  "no_data",
];

export type PacingSearch = {
  level?: PacingLevel;
  advertiser?: string;
  campaign?: string;
  portfolio?: string;
  status?: PacingStatus;
  search?: string;
  sort?: string;
  hide?: string;
};

export function parsePacingSearch(search: Search): PacingSearch {
  const status = STATUSES.find((known) => known === search.status);
  const level = LEVELS.find((known) => known.level === search.level)?.level;
  const { advertiser, campaign, portfolio, search: text, sort, hide } = search;
  return {
    ...(level && level !== DEFAULT_LEVEL ? { level } : {}),
    ...(campaign ? { campaign } : {}),
    ...(portfolio ? { portfolio } : {}),
    ...(advertiser ? { advertiser } : {}),
    ...(status ? { status } : {}),
    ...(text ? { search: text } : {}),
    ...(sort ? { sort } : {}),
    ...(hide !== undefined ? { hide } : {}),
  };
}

export function isFiltered(search: PacingSearch): boolean {
  const { advertiser, campaign, portfolio, status, search: text } = search;
  return Boolean(advertiser || campaign || portfolio || status || text);
}

/** What needs a person first; a share, because amounts of several currencies do not compare. */
export const DEFAULT_SORT = "-at_risk_percent";

export type Sorting = { id: string; desc: boolean }[];

export function sortingOf(sort: string | undefined): Sorting {
  if (!sort) return [];
  return [{ id: sort.replace(/^-/, ""), desc: sort.startsWith("-") }];
}

export function sortText(sorting: Sorting): string | undefined {
  const [first] = sorting;
  return first && `${first.desc ? "-" : ""}${first.id}`;
}
