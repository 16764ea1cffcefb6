import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";
import { moveBy, shownDays } from "./search.ts";

const acme = { kind: "org", slug: "acme" } as const;

it("lists what needs a look, neighbouring days taken together", async () => {
  openApp(acme, "/data/calendar");
  const gaps = await screen.findByRole("region", { name: "Needs a look, table" });
  const row = within(gaps).getByRole("row", { name: /Missing/ });
  expect(row).toHaveTextContent(/Kestrel Airways.*7/);
  const link = within(row).getByRole("link", { name: "Backfill" });
  expect(link.getAttribute("href")).toMatch(
    /\/data\/backfills\/new\?start=.*&end=.*&pipeline=dv360_line_item_days/,
  );
});

it("a day opens by keyboard and its address can be shared", async () => {
  const { router } = openApp(acme, "/data/calendar");
  const [cell] = await screen.findAllByRole("gridcell", { name: /quarantined/ });
  cell?.focus();
  await userEvent.keyboard("{Enter}");
  const panel = await screen.findByRole("dialog");
  expect(panel).toHaveTextContent("A file for this day was kept aside and not loaded.");
  expect(router.state.location.search).toMatchObject({ advertiser: "5120044" });
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

it("a search that fits nothing offers to clear itself", async () => {
  const { router } = openApp(acme, "/data/calendar?search=nobody");
  await userEvent.click(await screen.findByRole("button", { name: "Clear filter" }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

it("a failure shows its request id", async () => {
  server.use(
    http.get("*/api/data/calendar", () =>
      HttpResponse.json(
        { error: { code: "internal", message: "x", request_id: "req_9" } },
        { status: 500 },
      ),
    ),
  );
  openApp(acme, "/data/calendar");
  expect(await screen.findByText("req_9")).toBeInTheDocument();
});

it("shows whole weeks up to yesterday, and moves by half of them", () => {
  const now = new Date("2026-11-23T10:00:00Z");
  const latest = shownDays({}, now);
  expect(latest).toEqual({ from: "2026-10-12", to: "2026-11-22", weeks: "6", latest: true });
  expect(moveBy(latest, -1)).toBe("2026-11-01");
  expect(shownDays({ to: "2026-11-01", weeks: "13" }, now)).toMatchObject({
    from: "2026-08-03",
    latest: false,
  });
  expect(shownDays({ to: "2027-01-01", weeks: "9" }, now)).toEqual(latest);
  expect(shownDays({ to: "x" }, now)).toEqual(latest);
});
