import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";
import { type Command, fitting } from "./commands.ts";
import { DESTINATIONS } from "./destinations.ts";

const acme = { kind: "org", slug: "acme" } as const;
const named = (label: string): Command => ({ id: label, group: "Pages", label, run: () => {} });

async function open() {
  openApp(acme, "/data/budgets");
  await screen.findByRole("heading", { name: "Budgets", level: 1 });
  await userEvent.keyboard("{Control>}k{/Control}");
  return screen.findByRole("combobox", { name: "Search or jump to" });
}

const chosen = () => screen.getByRole("option", { selected: true });

it("leads to a page by a part of its name, and closes", async () => {
  const field = await open();
  expect(field).toHaveFocus();
  await userEvent.keyboard("cal");
  expect(chosen()).toHaveTextContent("Calendar");
  expect(field).toHaveAttribute("aria-activedescendant", chosen().id);
  await userEvent.keyboard("{Enter}");
  expect(await screen.findByRole("heading", { name: "Calendar", level: 1 })).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole("combobox", { name: /jump/ })).toBeNull());
});

it("goes through all results by the arrow keys and round at the ends", async () => {
  await open();
  const first = chosen();
  await userEvent.keyboard("{ArrowDown}");
  expect(chosen()).not.toBe(first);
  await userEvent.keyboard("{ArrowUp}{ArrowUp}");
  expect(screen.getAllByRole("option").at(-1)).toBe(chosen());
});

it("finds orders and line items by name", async () => {
  await open();
  await userEvent.keyboard("winter");
  const items = await screen.findByRole("group", { name: "Line items" });
  expect(within(items).getByRole("option")).toHaveTextContent(
    /Kestrel_Winter_Prospecting_LI71.*Kestrel Airways/,
  );
  expect(screen.getByText("2 results")).toBeInTheDocument();
});

it("says that nothing is called so, and that names could not be searched", async () => {
  await open();
  await userEvent.keyboard("zzzz");
  expect(await screen.findByText("Nothing is called “zzzz”.")).toBeInTheDocument();
  server.use(http.get("*/api/search", () => new HttpResponse(null, { status: 400 })));
  await userEvent.keyboard("y");
  expect(await screen.findByText(/could not be searched/)).toBeInTheDocument();
});

it("does not open the shortcuts' keys while something is typed", async () => {
  await open();
  await userEvent.keyboard("?");
  expect(screen.queryByText("Keyboard shortcuts")).toBeNull();
});

it("beginnings of words come before their middles, and all words have to fit", () => {
  const all = ["Backfills", "Start a backfill", "Quality", "Unfilled"].map(named);
  expect(fitting(all, "fill").map(({ label }) => label)).toHaveLength(3);
  expect(fitting(all, "back").map(({ label }) => label)).toEqual(["Backfills", "Start a backfill"]);
  expect(fitting(all, "back start")).toHaveLength(1);
  expect(fitting(all, "")).toHaveLength(4);
});

it("no two pages have the same key", () => {
  const keys = DESTINATIONS.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});
