// An org's API, mocked: connections, syncs with live events, pacing, freshness.
import { delay, HttpResponse, http } from "msw";
import type { Sync } from "../src/api/types.ts";

import { ADVERTISERS, rowsOf, throughOf } from "./pacing-data.ts";
import { pacingHandlers } from "./pacing-handlers.ts";
import { refuse } from "./reply.ts";
import { account, ago, labelOf, orgAt, syncOf, timelineOf, user } from "./state.ts";

const STEP_MS = 500;

export const cellHandlers = [
  http.get("*/api/session", ({ request }) => {
    const org = orgAt(request.url);
    const entered = request.headers.get("cookie")?.includes("mock_org=1");
    const created = account.orgs.some((item) => item.slug === org.slug && item.role === "owner");
    if (org.slug === "signedout" || (created && org.slug !== "northwind" && !entered))
      return refuse(401, "not_signed_in", "You are not signed in.");
    const { protocol, host } = new URL(request.url);
    return HttpResponse.json({
      user,
      org: { org_id: `org_${org.slug}`, slug: org.slug, name: org.name },
      role: org.slug === "viewer" ? "viewer" : "owner",
      permissions: [],
      modules: ["pacing", "taxonomy"],
      app_url: `${protocol}//${host.replace(/^[^.]+/, "app")}`,
    });
  }),
  http.get("*/api/attention", ({ request }) =>
    HttpResponse.json({ as_of: ago(0), items: attentionOf(orgAt(request.url)) }),
  ),
  http.post("*/api/logout", () => new HttpResponse(null, { status: 204 })),
  http.get("*/api/connections", ({ request }) => {
    const { connection } = orgAt(request.url);
    return HttpResponse.json({ items: connection ? [connection] : [] });
  }),
  http.post("*/api/connections/dv360/authorize", async ({ request }) => {
    const { return_path } = (await request.json()) as { return_path: string };
    const url = new URL("/mock/consent", request.url);
    url.searchParams.set("return_path", return_path);
    return HttpResponse.json({ authorize_url: url.href });
  }),
  http.get("*/mock/consent", ({ request }) => {
    const path = new URL(request.url).searchParams.get("return_path");
    return HttpResponse.html(
      `<!doctype html><html lang="en"><title>Consent</title><main><h1>Allow access</h1><form action="/mock/allow"><input type="hidden" name="return_path" value="${path}"><button>Allow</button></form></main></html>`,
    );
  }),
  http.get("*/mock/allow", ({ request }) => {
    const org = orgAt(request.url);
    org.connection = {
      connection_id: "conn_018f2c6a",
      connector: "dv360",
      state: "needs_setup",
      account_email: "trading@northwind.example",
      scopes: ["https://www.googleapis.com/auth/display-video"],
      problem: null,
      partner: null,
      advertisers_selected: 0,
      last_sync: null,
      created_at: ago(0),
    };
    const back = new URL(new URL(request.url).searchParams.get("return_path") ?? "/", request.url);
    back.searchParams.set("connection", org.connection.connection_id);
    return HttpResponse.redirect(back.href, 303);
  }),
  http.get("*/api/connections/:id", ({ request }) => {
    const { connection } = orgAt(request.url);
    return connection
      ? HttpResponse.json(connection)
      : refuse(404, "connection_not_found", "No such connection.");
  }),
  http.get<{ id: string }>("*/api/connections/:id/health", ({ request, params }) => {
    const { connection, syncs } = orgAt(request.url);
    const paused = connection?.state === "paused";
    return HttpResponse.json({
      connection_id: params.id,
      state: connection?.state,
      problem: connection?.problem,
      what_to_do: paused
        ? "Connect again: the consent has ended. Missed days are fetched afterwards."
        : null,
      identity: connection?.account_email,
      scopes: connection?.scopes,
      breaker: {
        state: paused ? "open" : "closed",
        failures: paused ? 4 : 0,
        retry_at: paused ? ago(-20) : null,
        last_error: paused ? "the source did not answer in 30 seconds" : null,
      },
      pipelines: [
        {
          pipeline: "dv360_line_item_days",
          last_success_at: ago(188),
          last_sync: syncs[0],
          next_run_at: paused ? null : ago(-60 * 21),
        },
      ],
    });
  }),
  http.delete("*/api/connections/:id", ({ request }) => {
    orgAt(request.url).connection = null;
    return new HttpResponse(null, { status: 204 });
  }),
  http.get("*/api/connections/:id/partners", () =>
    HttpResponse.json({
      items: [
        { partner_id: "2048811", name: "Northwind EMEA", entity_status: "ENTITY_STATUS_ACTIVE" },
        { partner_id: "2048990", name: "Northwind Nordics", entity_status: "ENTITY_STATUS_ACTIVE" },
      ],
    }),
  ),
  http.get("*/api/connections/:id/advertisers", () =>
    HttpResponse.json({
      items: ADVERTISERS.map((item, index) => ({
        ...item,
        entity_status: index === 4 ? "ENTITY_STATUS_PAUSED" : "ENTITY_STATUS_ACTIVE",
        selected: false,
        estimate: { days: 90, report_requests: 1, seconds: 30 + index * 40 },
      })),
    }),
  ),
  http.put("*/api/connections/:id/advertisers", async ({ request }) => {
    const org = orgAt(request.url);
    const body = (await request.json()) as { advertiser_ids: string[] };
    const chosen = ADVERTISERS.filter((item) => body.advertiser_ids.includes(item.advertiser_id));
    const sync = syncOf("sync_new", 0.02, chosen);
    org.syncs = [sync, ...org.syncs];
    if (org.connection) {
      Object.assign(org.connection, { state: "active", advertisers_selected: chosen.length });
    }
    return HttpResponse.json(sync, { status: 202 });
  }),
  http.get("*/api/syncs", ({ request }) => {
    const { pipeline, state } = Object.fromEntries(new URL(request.url).searchParams);
    const items = orgAt(request.url).syncs.filter(
      (sync) => (!pipeline || sync.pipeline === pipeline) && (!state || sync.state === state),
    );
    return HttpResponse.json({ items, next_cursor: null });
  }),
  http.post<{ id: string }>("*/api/syncs/:id/cancel", ({ request, params }) => {
    const org = orgAt(request.url);
    const ended = { state: "cancelled", message: "Cancelled.", finished_at: ago(0) };
    org.syncs = org.syncs.map((sync) =>
      sync.sync_id === params.id ? { ...sync, ...ended } : sync,
    );
    return HttpResponse.json(org.syncs.find((sync) => sync.sync_id === params.id));
  }),
  http.post("*/api/syncs", ({ request }) => {
    const sync = { ...syncOf("sync_now", 0.02), kind: "daily" as const };
    orgAt(request.url).syncs.unshift(sync);
    return HttpResponse.json(sync, { status: 202 });
  }),
  http.get<{ id: string }>("*/api/syncs/:id", ({ request, params }) => {
    const sync = orgAt(request.url).syncs.find((item) => item.sync_id === params.id);
    return sync
      ? HttpResponse.json({ ...sync, timeline: timelineOf(sync) })
      : refuse(404, "sync_not_found", "No such sync.");
  }),
  http.get<{ id: string }>(
    "*/api/syncs/:id/events",
    ({ request, params }) =>
      new HttpResponse(events(request, params.id), {
        headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
      }),
  ),
  ...pacingHandlers,
  http.get("*/api/freshness", ({ request }) => {
    const org = orgAt(request.url);
    return HttpResponse.json({
      items:
        org.rows.length === 0
          ? []
          : ADVERTISERS.map((item, index) => ({
              dataset: "line_item_daily",
              advertiser_id: item.advertiser_id,
              advertiser_name: item.name,
              time_zone: item.time_zone,
              through: throughOf(org.slug === "stale" && index < 2),
              provisional_days: 2,
            })),
    });
  }),
];

function events(request: Request, id: string): ReadableStream<Uint8Array> {
  const org = orgAt(request.url);
  const encode = (event: string, data: Sync) =>
    new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  return new ReadableStream({
    async pull(controller) {
      const index = org.syncs.findIndex((item) => item.sync_id === id);
      const now = org.syncs[index];
      if (now === undefined || !isRunning(now)) {
        if (now) controller.enqueue(encode("end", now));
        return controller.close();
      }
      await delay(STEP_MS);
      // A scenario that shows a sync at work stays there.
      if (labelOf(request.url) === "partial" || labelOf(request.url).startsWith("hold")) return;
      const chosen = ADVERTISERS.filter((a) =>
        now.advertisers.some((b) => b.advertiser_id === a.advertiser_id),
      );
      const next = syncOf(id, Math.min(1, now.progress + 0.12), chosen);
      org.syncs[index] = next;
      if (next.advertisers.some((item) => item.state === "done")) org.rows = rowsOf(44);
      controller.enqueue(encode("progress", next));
    },
  });
}

function isRunning(sync: Sync): boolean {
  return sync.finished_at === null;
}

function attentionOf({ connection }: ReturnType<typeof orgAt>) {
  if (connection) return [];
  return [
    {
      severity: "notice",
      code: "no_connection",
      title: "Nothing is connected yet",
      what_to_do: "Connect DV360, or let report files be delivered.",
      since: null,
      subject: "connection",
      subject_id: null,
      needs: "manage_connections",
    },
  ];
}
