import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";

const acme = { kind: "org", slug: "acme" } as const;

it("lists files with their reason and line", async () => {
  openApp(acme, "/data/quarantine");
  const row = await screen.findByRole("row", { name: /“Revenue \(EUR\)” stands in its place/ });
  expect(within(row).getByText("413")).toBeInTheDocument();
});

it("shows the line with what stands around it, and the file's header apart", async () => {
  openApp(acme, "/data/quarantine/sync_04");
  const lines = await screen.findByRole("region", { name: "Lines of the file" });
  expect(within(lines).getByRole("rowheader", { name: /This line: ?413/ })).toBeInTheDocument();
  expect(within(lines).getByText(/^Date,Partner ID/)).toBeInTheDocument();
});

it("a new name is accepted as a version of the pipeline, and the file replayed", async () => {
  const saved: unknown[] = [];
  server.use(
    http.put("*/api/pipelines/:name/layer", async ({ request }) => {
      saved.push(await request.json());
      return HttpResponse.json({ layer_version: 3 });
    }),
  );
  const { router } = openApp(acme, "/data/quarantine/sync_04");
  await userEvent.click(await screen.findByRole("button", { name: "Accept this name" }));
  expect(await screen.findByText("The pipeline knows the name now.")).toBeInTheDocument();
  expect(saved).toEqual([
    expect.objectContaining({
      comment: "Read “Revenue (EUR)” as revenue",
      layer: expect.objectContaining({
        columns: [
          {
            name: "revenue",
            headers: expect.arrayContaining(["Revenue (Adv Currency)", "Revenue (EUR)"]),
          },
        ],
      }),
    }),
  ]);
  await userEvent.click(screen.getByRole("button", { name: "Replay" }));
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/data\/syncs\//));
});
