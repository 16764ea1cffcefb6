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

export const org = {
  root: () => "/",
  pacing: (search: Record<string, string | undefined> = {}) => `/pacing${stringifySearch(search)}`,
  insertionOrder: (id: string, search: { explain?: string } = {}) =>
    `/pacing/${encodeURIComponent(id)}${stringifySearch(search)}`,
  connections: () => "/data/connections",
  connection: (id: string) => `/data/connections/${encodeURIComponent(id)}`,
  syncs: (search: { connection?: string } = {}) => `/data/syncs${stringifySearch(search)}`,
  sync: (id: string) => `/data/syncs/${encodeURIComponent(id)}`,
  onboardingConnect: () => "/onboarding/connect",
  onboardingAdvertisers: (connection?: string) =>
    `/onboarding/advertisers${stringifySearch({ connection })}`,
  onboardingProgress: (sync?: string) => `/onboarding/progress${stringifySearch({ sync })}`,
};

/** Only a path of our own host may be followed after sign-in. */
export function safePath(path: string | undefined): string | undefined {
  return path?.startsWith("/") && !/^\/[/\\]/.test(path) && !path.includes("\\") ? path : undefined;
}
