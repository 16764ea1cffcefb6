import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";
import { start } from "./HomeRedirect.tsx";

const acme = { kind: "org", slug: "acme" } as const;

it("without a session it offers to sign in and to come back here", async () => {
  server.use(
    http.get("*/api/session", () =>
      HttpResponse.json(
        { error: { code: "not_signed_in", message: "x", request_id: "r" } },
        { status: 401 },
      ),
    ),
  );
  openApp(acme, "/pacing?status=behind");
  const link = await screen.findByRole("link", { name: "Sign in" });
  expect(link).toHaveAttribute(
    "href",
    "http://app.localhost/sign-in?org=acme&path=%2Fpacing%3Fstatus%3Dbehind",
  );
});

it("shows only sections that exist", async () => {
  openApp(acme, "/data/syncs");
  const nav = await screen.findByRole("navigation", { name: "Main" });
  expect([...nav.querySelectorAll("a")].map((link) => link.textContent)).toEqual([
    "Home",
    "Pacing",
    "Naming",
    "Connections",
    "Pipelines",
    "Syncs",
    "Calendar",
    "Quality",
    "Quarantine",
    "Backfills",
    "Budgets",
    "Retention",
    "Modules",
  ]);
});

it("an unknown address says so inside the shell", async () => {
  openApp(acme, "/no/such/page");
  expect(await screen.findByText("There is no page at this address")).toBeInTheDocument();
});

it("starts where the setup stands", () => {
  const connection = { connection_id: "conn_1", advertisers_selected: 0 } as never;
  expect(start([])).toBe("/onboarding/connect");
  expect(start([connection])).toBe("/onboarding/advertisers?connection=conn_1");
  expect(start([{ connection_id: "conn_1", advertisers_selected: 2 } as never])).toBe("/home");
});
