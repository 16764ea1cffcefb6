import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";
import { placeOf } from "./place.ts";

const acme = { kind: "org", slug: "acme" } as const;
const stopped = {
  severity: "critical",
  code: "connection_stopped",
  title: "desk@agency.example has stopped bringing data in",
  what_to_do: "Connect again: the consent has ended.",
  since: null,
  subject: "connection",
  subject_id: "conn_1",
  needs: "manage_connections",
} as const;

function attention(items: readonly unknown[]) {
  server.use(
    http.get("*/api/attention", () => HttpResponse.json({ as_of: "2026-11-24T08:00:00Z", items })),
  );
}

it("says what needs somebody, and leads there", async () => {
  attention([stopped]);
  openApp(acme, "/home");
  const link = await screen.findByRole("link", { name: stopped.title });
  expect(link).toHaveAttribute("href", "/data/connections/conn_1");
  expect(screen.getByText("Critical")).toBeInTheDocument();
  expect(screen.queryByText(/An owner or admin can/)).not.toBeInTheDocument();
});

it("tells those who may not mend it who may", async () => {
  attention([stopped]);
  server.use(
    http.get("*/api/session", () =>
      HttpResponse.json({
        user: { user_id: "user_1", name: "Vera", email: "vera@agency.example" },
        org: { org_id: "org_acme", slug: "acme", name: "Acme" },
        role: "viewer",
        permissions: [],
        modules: ["pacing", "taxonomy"],
        app_url: "http://app.localhost",
      }),
    ),
  );
  openApp(acme, "/home");
  expect(await screen.findByText(/An owner or admin can do that/)).toBeInTheDocument();
});

it("says that all is well, and which orders are at risk", async () => {
  attention([]);
  openApp(acme, "/home");
  expect(await screen.findByText(/every connection works/)).toBeInTheDocument();
  const orders = await screen.findByRole("region", { name: "Orders at risk" });
  expect(within(orders).getAllByRole("link").length).toBeGreaterThan(0);
});

it("a failure of one part leaves the others", async () => {
  server.use(
    http.get("*/api/attention", () =>
      HttpResponse.json(
        { error: { code: "x", message: "no", request_id: "req_1" } },
        { status: 500 },
      ),
    ),
  );
  openApp(acme, "/home");
  expect(await screen.findByText("We could not load what needs you")).toBeInTheDocument();
  expect(await screen.findByRole("region", { name: "Orders at risk" })).toBeInTheDocument();
});

it("a subject of a newer version leads somewhere all the same", () => {
  expect(placeOf({ ...stopped, subject: "unheard of" as never })).toBe("/data/syncs");
});
