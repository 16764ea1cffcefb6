// What the mocked platform remembers. The first label of the host picks the scenario: `fresh`
// has nothing yet, `broken` fails, `slow` never answers, `partial` is loading, `stale` is late,
// `paused` lost its connection, `viewer` may only read, `signedout` has no session; any other
// name is an org in full use unless it was created here.
import type { Connection, OrgSummary, Sync } from "../src/api/types.ts";
import { ADVERTISERS, rowsOf, throughOf, windowOf } from "./pacing-data.ts";

export type OrgState = {
  slug: string;
  name: string;
  connection: Connection | null;
  syncs: Sync[];
  rows: ReturnType<typeof rowsOf>;
};

export const user = {
  user_id: "user_018f",
  email: "mira@northwind.example",
  name: "Mira Sandoval",
};

export const account: { orgs: OrgSummary[]; readyAt: Map<string, number> } = {
  orgs: [],
  readyAt: new Map(),
};

const orgs = new Map<string, OrgState>();

export function labelOf(url: string): string {
  return new URL(url).hostname.split(".")[0] ?? "";
}

export function orgAt(url: string): OrgState {
  const slug = labelOf(url);
  const known = orgs.get(slug) ?? newOrg(slug);
  orgs.set(slug, known);
  return known;
}

function newOrg(slug: string): OrgState {
  const empty =
    slug === "fresh" ||
    slug === "viewer" ||
    account.orgs.some((o) => o.slug === slug && o.org_id !== "org_demo");
  const name = account.orgs.find((o) => o.slug === slug)?.name ?? "Northwind Media";
  if (empty) return { slug, name, connection: null, syncs: [], rows: [] };
  const rows = rowsOf(slug === "large" ? 640 : slug === "partial" ? 14 : 44);
  return {
    slug,
    name,
    connection: connectionOf(slug),
    syncs: slug === "partial" ? [syncOf("sync_01", 0.42), ...history()] : history(),
    rows: slug === "single" ? rows.filter((row) => row.currency === "EUR") : rows,
  };
}

function connectionOf(slug: string): Connection {
  const paused = slug === "paused";
  return {
    connection_id: "conn_018f2c6a",
    connector: "dv360",
    state: paused ? "paused" : "active",
    account_email: "trading@northwind.example",
    scopes: [
      "https://www.googleapis.com/auth/display-video",
      "https://www.googleapis.com/auth/doubleclickbidmanager",
    ],
    problem: paused
      ? { code: "invalid_grant", message: "Google revoked this access 2 days ago." }
      : null,
    partner: { partner_id: "2048811", name: "Northwind EMEA" },
    advertisers_selected: 5,
    last_sync: {
      sync_id: "sync_07",
      pipeline: "dv360_line_item_days",
      kind: "daily",
      progress: 1,
      rows_loaded: 820,
      created_at: ago(3 * 60 + 2),
      state: paused ? "failed" : "done",
      finished_at: ago(3 * 60),
    },
    created_at: ago(60 * 24 * 40),
  };
}

export function syncOf(id: string, progress: number, chosen = ADVERTISERS): Sync {
  const states: Sync["state"][] = [
    "queued",
    "entities",
    "requesting",
    "waiting",
    "downloading",
    "loading",
  ];
  const done = progress >= 1;
  const share = 1 / chosen.length;
  return {
    sync_id: id,
    connection_id: "conn_018f2c6a",
    pipeline: "dv360_line_item_days",
    kind: "backfill",
    started_by: { by: "person", user_id: "user_018f" },
    state: done ? "done" : (states[Math.min(5, Math.floor(progress * 8))] ?? "loading"),
    message: done
      ? "Everything is in."
      : progress < 0.4
        ? "Google is preparing the reports."
        : "Loading the daily line-item report.",
    advertisers: chosen.map((item, index) => {
      const own = (progress - index * share) / share;
      const state = own >= 1 ? "done" : own > 0 ? "working" : "queued";
      return { ...item, state, rows: state === "done" ? 4_512 + index * 371 : 0 };
    }),
    rows_loaded: Math.round(progress * 24_800),
    range: windowOf(),
    progress,
    problem: null,
    created_at: ago(1),
    started_at: ago(1),
    finished_at: done ? new Date().toISOString() : null,
  };
}

function history(): Sync[] {
  const all = [0, 1, 2, 3, 4].map((day) => ({
    ...syncOf(`sync_0${7 - day}`, 1),
    kind: "daily" as const,
    started_by: { by: "schedule" as const },
    started_at: ago(day * 1440 + 190),
    finished_at: ago(day * 1440 + 188.4),
    rows_loaded: 820 + day * 13,
    range: { start: throughOf(true), end: throughOf(false) },
  }));
  return all.map((sync, index) =>
    index === 3
      ? {
          ...sync,
          state: "quarantined" as const,
          message: "One file did not match its totals.",
          problem: {
            code: "totals_mismatch",
            message: "The totals row of one report differs from the sum of its rows.",
          },
        }
      : sync,
  );
}

/** What a sync did, in steps of believable lengths. */
export function timelineOf(sync: Sync) {
  const lengths = { entities: 8, requesting: 2, waiting: 91, downloading: 3, loading: 2 };
  const start = Date.parse(sync.started_at ?? sync.created_at);
  let at = start;
  return Object.entries(lengths).flatMap(([step, seconds]) => {
    const began = at;
    at += seconds * 1000;
    return sync.finished_at === null && at > Date.now()
      ? []
      : {
          step,
          started_at: new Date(began).toISOString(),
          finished_at: new Date(at).toISOString(),
          calls: step === "loading" ? 0 : seconds > 50 ? 2 : 1,
          bytes: step === "downloading" ? 956_000 : 0,
          note: step === "requesting" ? "the query of yesterday fits" : null,
        };
  });
}

export function ago(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}
