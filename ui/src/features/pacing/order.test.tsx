import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";

const acme = { kind: "org", slug: "acme" } as const;

it("what if is kept in the address and compared with what is", async () => {
  const { router } = openApp(acme, "/pacing");
  const table = await screen.findByRole("table", { name: /Insertion orders/ });
  const [first] = within(table).getAllByRole("link");
  if (first) await userEvent.click(first);
  const budget = await screen.findByRole("textbox", { name: /^Budget/ });
  await userEvent.clear(budget);
  await userEvent.type(budget, "50000");
  await waitFor(() => expect(router.state.location.search).toEqual({ budget: "50000000000" }));
  const compared = await screen.findByRole("table", { name: "What is, and what would be" });
  expect(within(compared).getByRole("row", { name: /^Needed per day/ })).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Take it back" }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

it("a level of its own, with a row that leads to its orders", async () => {
  const { router } = openApp(acme, "/pacing");
  await userEvent.click(await screen.findByRole("link", { name: "Campaigns" }));
  const table = await screen.findByRole("table", { name: /Campaigns/ });
  expect(within(table).getByRole("columnheader", { name: /^Campaign/ })).toBeInTheDocument();
  const [first] = within(table).getAllByRole("link");
  if (first) await userEvent.click(first);
  await waitFor(() => expect(router.state.location.search).toHaveProperty("campaign"));
});

it("a view is kept by name, opened and removed", async () => {
  const { router } = openApp(acme, "/pacing?status=behind");
  await screen.findByRole("table", { name: /Insertion orders/ });
  await userEvent.click(screen.getByRole("button", { name: "Views and portfolios" }));
  const dialog = await screen.findByRole("dialog", { name: "Views and portfolios" });
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Name" }), "Mornings");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save view" }));
  await router.navigate({ to: "/pacing", search: {} });
  await userEvent.click(await within(dialog).findByRole("link", { name: "Mornings" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ status: "behind" }));
});
