import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";

const acme = { kind: "org", slug: "acme" } as const;
const EDIT = "/data/pipelines/dv360_line_item_days/edit";

afterEach(() => localStorage.clear());

it("lists what runs and what was changed", async () => {
  openApp(acme, "/data/pipelines");
  const row = await screen.findByRole("row", { name: /Daily delivery by line item/ });
  expect(within(row).getByText("On")).toBeInTheDocument();
  expect(row).toHaveTextContent("1, with your changes");
  expect(screen.getByRole("row", { name: /Daily delivery by device/ })).toHaveTextContent("Off");
});

it("says in plain words what a pipeline does, and who changed it", async () => {
  openApp(acme, "/data/pipelines/dv360_line_item_days");
  expect(await screen.findByText(/The first sync reads 60 days/)).toBeInTheDocument();
  const versions = await screen.findByRole("region", { name: "Versions, table" });
  expect(within(versions).getByRole("row", { name: /Read 60 days at first/ })).toHaveTextContent(
    "In force",
  );
});

it("checks what one types, says where it is wrong, and saves only what is right", async () => {
  const { router } = openApp(acme, EDIT);
  const area = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Spec of/ });
  const save = screen.getByRole("button", { name: "Review and save" });
  expect(save).toBeDisabled();
  await replace(area, '"first_days": 60', '"first_days": 900');
  expect(
    await screen.findByRole("button", { name: /\/window\/first_days.*The source keeps 90 days/ }),
  ).toBeInTheDocument();
  expect(save).toBeDisabled();

  await replace(area, '"first_days": 900', '"first_days": 30');
  await waitFor(() => expect(save).toBeEnabled());
  await userEvent.click(save);
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("window › first_days−Before: 60+After: 30");
  await userEvent.type(within(dialog).getByLabelText("Comment"), "A month is enough");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(router.state.location.pathname).not.toMatch(/edit$/));
  expect(await screen.findByText(/The first sync reads 30 days/)).toBeInTheDocument();
});

it("a dry run says what a real file would bring, and shows its rows", async () => {
  openApp(acme, EDIT);
  const run = await screen.findByRole("button", { name: "Run" });
  await waitFor(() => expect(run).toBeEnabled());
  await userEvent.click(run);
  expect(await screen.findByText("Would be loaded")).toBeInTheDocument();
  expect(screen.getByText(/34 the same, 1 different/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "See the rows" }));
  const rows = await screen.findByRole("region", { name: "Different from now, table" });
  expect(within(rows).getByRole("row", { name: /Revenue/ })).toHaveTextContent("12.2212.64");
});

it("a draft survives leaving the page, and can be thrown away", async () => {
  const first = openApp(acme, EDIT);
  const area = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Spec of/ });
  await replace(area, '"month_close_day": 3', '"month_close_day": 4');
  first.unmount();
  openApp(acme, EDIT);
  const again = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Spec of/ });
  expect(again.value).toContain('"month_close_day": 4');
  await userEvent.click(screen.getByRole("button", { name: "Discard changes" }));
  expect(again.value).toContain('"month_close_day": 3');
});

it("an older version is put back by a new one", async () => {
  openApp(acme, "/data/pipelines/dv360_line_item_days");
  const row = await screen.findByRole("row", { name: /Keep new columns/ });
  await userEvent.click(within(row).getByRole("button", { name: "Restore" }));
  const dialog = await screen.findByRole("dialog", { name: "Restore version 1" });
  expect(within(dialog).getByLabelText("Comment")).toHaveValue(
    "Back to version 1: Keep new columns",
  );
  await userEvent.click(within(dialog).getByRole("button", { name: "Restore" }));
  expect(await screen.findByText(/Back to version 1/)).toBeInTheDocument();
});

it("who may not change pipelines is told who can", async () => {
  server.use(
    http.get("*/api/session", () =>
      HttpResponse.json({
        user: { user_id: "user_1", name: "Ivo Marsh", email: "ivo@acme.example" },
        org: { org_id: "org_1", slug: "acme", name: "Acme" },
        role: "viewer",
        permissions: [],
        modules: ["pacing", "taxonomy"],
        app_url: "http://app.localhost/",
      }),
    ),
  );
  openApp(acme, EDIT);
  expect(await screen.findByText("Your role does not include this")).toBeInTheDocument();
});

/** As a person would: over the text that is selected. */
async function replace(area: HTMLTextAreaElement, from: string, to: string) {
  const start = area.value.indexOf(from);
  expect(start).toBeGreaterThan(-1);
  area.focus();
  area.setSelectionRange(start, start + from.length);
  await userEvent.paste(to);
}
