import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";
import { hiddenColumns } from "./visibility.ts";

const acme = { kind: "org", slug: "acme" } as const;
const TABLE = { name: /Insertion orders/ };

it("shows insertion orders, and totals that never add currencies", async () => {
  openApp(acme, "/pacing");
  const table = await screen.findByRole("table", TABLE);
  expect(within(table).getAllByText("Behind").length).toBeGreaterThan(0);
  const totals = screen.getByRole("region", { name: "Totals by currency" });
  expect(within(totals).getByText("EUR")).toBeInTheDocument();
  expect(within(totals).getByText("GBP")).toBeInTheDocument();
  expect(within(totals).getByText("Impressions")).toBeInTheDocument();
});

it("says what it is sorted by, and that amounts are sorted within their currency", async () => {
  openApp(acme, "/pacing");
  expect(await screen.findByText(/the largest share of a budget at risk/)).toBeInTheDocument();
  await screen.findByRole("table", TABLE);
  await userEvent.click(screen.getByRole("button", { name: /^Budget/ }));
  expect(
    await screen.findByText("By budget, largest first, each currency by itself"),
  ).toBeInTheDocument();
});

it("keeps filter and sort in the address", async () => {
  const { router } = openApp(acme, "/pacing?status=ahead");
  await userEvent.click(await screen.findByRole("button", { name: /^Spent/ }));
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ status: "ahead", sort: "-spend_micros" }),
  );
  const table = screen.getByRole("table", TABLE);
  expect(within(table).queryByText("Behind")).not.toBeInTheDocument();
  expect(within(table).getByRole("columnheader", { name: /^Spent/ })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
});

it("an empty filter offers to clear itself", async () => {
  const { router } = openApp(acme, "/pacing?search=nothing-like-this");
  await userEvent.click(await screen.findByRole("button", { name: "Clear filter" }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

it("a failure shows its request id and can be tried again", async () => {
  server.use(
    http.get(
      "*/api/pacing/insertion-orders",
      () =>
        HttpResponse.json(
          { error: { code: "internal", message: "x", request_id: "req_77" } },
          { status: 500 },
        ),
      { once: true },
    ),
  );
  openApp(acme, "/pacing");
  expect(await screen.findByText("req_77")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("table", TABLE)).toBeInTheDocument();
});

it("without any connection it says what this is and what to do", async () => {
  openApp(acme, "/pacing");
  server.use(
    http.get("*/api/connections", () => HttpResponse.json({ items: [] })),
    http.get("*/api/pacing/insertion-orders", () =>
      HttpResponse.json({
        items: [],
        next_cursor: null,
        totals: [],
        as_of: { through: null, provisional_days: 0, advertisers: [] },
      }),
    ),
  );
  expect(await screen.findByRole("button", { name: "Connect DV360" })).toBeInTheDocument();
});

it("a phone shows what fits, and what was chosen by name all the same", () => {
  expect(hiddenColumns(undefined, true)).not.toContain("at_risk_percent");
  expect(hiddenColumns(undefined, true)).toContain("spend_micros");
  expect(hiddenColumns("status", true)).toContain("status");
  expect(hiddenColumns("status", true)).not.toContain("spend_micros");
  expect(hiddenColumns(undefined)).toContain("order_count");
  expect(hiddenColumns(undefined, false, "campaign")).not.toContain("order_count");
});

it("g p and ? work from anywhere, and never while typing", async () => {
  const { router } = openApp(acme, "/data/connections");
  await screen.findByRole("heading", { name: "Connections" });
  await userEvent.keyboard("gp");
  await waitFor(() => expect(router.state.location.pathname).toBe("/pacing"));
  const search = await screen.findByRole("searchbox", { name: /Search/ });
  await userEvent.keyboard("/");
  expect(search).toHaveFocus();
  await userEvent.type(search, "?");
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  search.blur();
  await userEvent.keyboard("?");
  expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeInTheDocument();
});
