import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";

const acme = { kind: "org", slug: "acme" } as const;

const fresh = (name: string, through: string, met: boolean) => ({
  dataset: "line_item_days",
  dsp: "dv360",
  advertiser_id: name,
  name,
  time_zone: "Europe/Oslo",
  through,
  due_through: "2026-11-22",
  certified_through: "2026-10-31",
  age_s: 9_000,
  target_hours: 29,
  met,
  loaded_at: "2026-11-23T05:00:00Z",
});

const compared = {
  from: "2026-10-26",
  to: "2026-11-22",
  accuracy_percent: "99.9960",
  cells: 25_000,
  equal: 24_999,
  days_not_compared: 2,
  metrics: [
    { metric: "revenue", cells: 12_500, equal: 12_499, accuracy_percent: "99.9920" },
    { metric: "clicks", cells: 12_500, equal: 12_500, accuracy_percent: "100.0000" },
  ],
  failing: [
    {
      dsp: "dv360",
      advertiser_id: "5120044",
      advertiser_name: "Kestrel Airways",
      date: "2026-11-14",
      metric: "revenue_micros",
      currency: "EUR",
      silver: 1_012_500_000,
      source: 1_013_000_000,
      difference: -500_000,
      provisional: false,
    },
  ],
};

beforeEach(() => {
  const items = [fresh("Acorn", "2026-11-22", true), fresh("Zephyr", "2026-11-19", false)];
  server.use(
    http.get("*/api/data/freshness", () => HttpResponse.json({ met: 1, items })),
    http.get("*/api/data/reconciliation", () => HttpResponse.json(compared)),
  );
});

it("names each cell that differs and leads to its day", async () => {
  openApp(acme, "/data/quality");
  expect(await screen.findByText("99.9960 %")).toBeInTheDocument();
  const failing = screen.getByRole("region", { name: "Cells that differ, table" });
  const row = within(failing).getByRole("row", { name: /Kestrel Airways/ });
  expect(row).toHaveTextContent(/Kestrel Airways.*Revenue€1,012.50€1,013.00-€0.50/);
  expect(within(row).getByRole("link")).toHaveAttribute(
    "href",
    "/data/calendar?to=2026-11-14&advertiser=5120044&date=2026-11-14",
  );
  expect(screen.getByText(/2 advertiser days could not be compared/)).toBeInTheDocument();
});

it("puts what is late first and says by how much", async () => {
  openApp(acme, "/data/quality");
  const table = await screen.findByRole("region", { name: "Freshness, table" });
  const [, first, second] = within(table).getAllByRole("row");
  expect(first).toHaveTextContent(/Zephyr.*3 days late/);
  expect(second).toHaveTextContent(/Acorn.*On time/);
});

it("says how to have figures compared where none are", async () => {
  const none = { ...compared, accuracy_percent: null, cells: 0, equal: 0, failing: [] };
  server.use(http.get("*/api/data/reconciliation", () => HttpResponse.json(none)));
  openApp(acme, "/data/quality");
  const way = await screen.findByRole("link", { name: "Turn on daily sums by advertiser" });
  expect(way).toHaveAttribute("href", "/data/pipelines/dv360_advertiser_days");
});
