import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { syncOf } from "../../../mocks/state.ts";
import { firstDataIsIn } from "./ProgressPage.tsx";

const acme = { kind: "org", slug: "acme" } as const;

it("a problem of the consent journey says what to do", async () => {
  openApp(acme, "/onboarding/connect?problem=consent_denied");
  expect(await screen.findByRole("alert")).toHaveTextContent(
    /Access was not allowed.*choose Allow/,
  );
});

it("coming back with a connection goes on to the advertisers", async () => {
  const { router } = openApp(acme, "/onboarding/connect?connection=conn_1");
  await waitFor(() => expect(router.state.location.pathname).toBe("/onboarding/advertisers"));
});

it("chosen advertisers share one report, and select all takes what is shown", async () => {
  openApp(acme, "/onboarding/advertisers?connection=conn_1");
  await userEvent.click(await screen.findByRole("checkbox", { name: "Halden Bank" }));
  expect(screen.getByText("1 advertiser in one report · about 2 minutes")).toBeInTheDocument();
  await userEvent.type(screen.getByRole("searchbox", { name: "Search" }), "Kestrel");
  await userEvent.click(screen.getByRole("checkbox", { name: "Select all shown advertisers" }));
  expect(screen.getByText(/^2 advertisers/)).toBeInTheDocument();
});

it("the first data is in with the first advertiser that has rows", () => {
  expect(firstDataIsIn(syncOf("s", 0.1))).toBe(false);
  expect(firstDataIsIn(syncOf("s", 0.3))).toBe(true);
  expect(firstDataIsIn(syncOf("s", 1))).toBe(true);
});
