import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { kept } from "../../../mocks/data-handlers.ts";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";
import { dueWords, isHeld } from "./words.ts";

const acme = { kind: "org", slug: "acme" } as const;

it("says what is kept, what goes next and what has gone", async () => {
  openApp(acme, "/data/retention");
  const table = await screen.findByRole("region", { name: "What is kept, table" });
  expect(within(table).getByText("2,412 rows of 60 days")).toBeInTheDocument();
  expect(within(table).getByText("12 files of 11.4 MB")).toBeInTheDocument();
  expect(
    screen.getByText("2,412 rows of 60 advertiser days and 12 files of 11.4 MB are due to go."),
  ).toBeInTheDocument();
  const gone = await screen.findByRole("region", { name: "What was dropped, table" });
  expect(within(gone).getByText("211")).toBeInTheDocument();
});

it("before a first sync there is nothing to keep", async () => {
  server.use(
    http.get("*/api/data/retention", () => HttpResponse.json({ next_run_at: null, items: [kept] })),
  );
  openApp(acme, "/data/retention");
  expect(await screen.findByText("Nothing is kept yet")).toBeInTheDocument();
});

it("days that may still change are said to be held", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  expect(isHeld({ silver_days: 1, silver_before: "2026-11-01" }, now)).toBe(true);
  expect(isHeld({ silver_days: 400, silver_before: "2025-10-20" }, now)).toBe(false);
});

it("counts what is due over all pipelines", () => {
  const none = { days_due: 0, rows_due: 0, files_due: 0, bytes_due: 0 };
  expect(dueWords([none])).toBe("Nothing is due to go.");
  expect(dueWords([none, { ...none, files_due: 1, bytes_due: 1_000 }])).toBe(
    "1 file of 1 kB is due to go.",
  );
});
