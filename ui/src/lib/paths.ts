// Every link in the product is built here. The values are URLs, so they can be shared as they are.
import { stringifySearch } from "./search.ts";

export const frontDoor = {
  root: () => "/",
  signUp: () => "/sign-up",
  signUpOrganisation: () => "/sign-up/organisation",
  signIn: (back?: { org?: string; path?: string }) => `/sign-in${stringifySearch(back ?? {})}`,
  orgs: () => "/orgs",
  openOrg: (orgId: string, path?: string) =>
    `/orgs/${encodeURIComponent(orgId)}${stringifySearch({ path })}`,
};

export type OrderSearch = {
  explain?: string | undefined;
  lineage?: string | undefined;
  line?: string | undefined;
  budget?: string | undefined;
  end?: string | undefined;
  rate?: string | undefined;
};
export type SyncsSearch = { connection?: string; pipeline?: string; state?: string };
export type CalendarSearch = {
  dataset?: string;
  to?: string;
  weeks?: string;
  search?: string;
  advertiser?: string;
  date?: string;
};
export type QualitySearch = { weeks?: string; to?: string };
export type BackfillSearch = {
  connection?: string;
  pipeline?: string;
  start?: string;
  end?: string;
};

export type NamingSearch = { advertiser?: string };
export type NamesSearch = {
  level?: string;
  advertiser?: string;
  state?: string;
  field?: string;
  code?: string;
  search?: string;
};
export type LearnSearch = { level?: string; advertiser?: string };

export const org = {
  root: () => "/",
  home: () => "/home",
  pacing: (search: Record<string, string | undefined> = {}) => `/pacing${stringifySearch(search)}`,
  insertionOrder: (id: string, search: OrderSearch = {}) =>
    `/pacing/${encodeURIComponent(id)}${stringifySearch(search)}`,
  connections: () => "/data/connections",
  newDrop: () => "/data/connections/new",
  connection: (id: string) => `/data/connections/${encodeURIComponent(id)}`,
  pipelines: () => "/data/pipelines",
  newPipeline: () => "/data/pipelines/new",
  pipeline: (name: string) => `/data/pipelines/${encodeURIComponent(name)}`,
  editPipeline: (name: string) => `/data/pipelines/${encodeURIComponent(name)}/edit`,
  syncs: (search: SyncsSearch = {}) => `/data/syncs${stringifySearch(search)}`,
  sync: (id: string) => `/data/syncs/${encodeURIComponent(id)}`,
  calendar: (search: CalendarSearch = {}) => `/data/calendar${stringifySearch(search)}`,
  quarantine: () => "/data/quarantine",
  quarantined: (syncId: string) => `/data/quarantine/${encodeURIComponent(syncId)}`,
  backfills: () => "/data/backfills",
  newBackfill: (search: BackfillSearch = {}) => `/data/backfills/new${stringifySearch(search)}`,
  backfill: (id: string) => `/data/backfills/${encodeURIComponent(id)}`,
  quality: (search: QualitySearch = {}) => `/data/quality${stringifySearch(search)}`,
  budgets: () => "/data/budgets",
  retention: () => "/data/retention",
  naming: (search: NamingSearch = {}) => `/naming${stringifySearch(search)}`,
  names: (search: NamesSearch = {}) => `/naming/names${stringifySearch(search)}`,
  conventions: () => "/naming/conventions",
  newConvention: (search: LearnSearch = {}) => `/naming/conventions/new${stringifySearch(search)}`,
  convention: (id: string) => `/naming/conventions/${encodeURIComponent(id)}`,
  buildName: (id: string) => `/naming/conventions/${encodeURIComponent(id)}/build`,
  learnNames: (search: LearnSearch = {}) => `/naming/learn${stringifySearch(search)}`,
  modules: () => "/settings/modules",
  module: (name: string) => `/settings/modules/${encodeURIComponent(name)}`,
  onboardingConnect: () => "/onboarding/connect",
  onboardingAdvertisers: (connection?: string) =>
    `/onboarding/advertisers${stringifySearch({ connection })}`,
  onboardingProgress: (sync?: string) => `/onboarding/progress${stringifySearch({ sync })}`,
};

/** Only a path of our own host may be followed after sign-in. */
export function safePath(path: string | undefined): string | undefined {
  return path?.startsWith("/") && !/^\/[/\\]/.test(path) && !path.includes("\\") ? path : undefined;
}
