import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { quarantined } from "../../../mocks/data-handlers.ts";
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

it("accepts a new name and loads the file in one request", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post("*/api/quarantine/:id/accept-names", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ sync_id: "sync_07" }, { status: 202 });
    }),
  );
  const { router } = openApp(acme, "/data/quarantine/sync_04");
  await userEvent.click(
    await screen.findByRole("button", { name: "Accept the new name and load" }),
  );
  await waitFor(() => expect(router.state.location.pathname).toBe("/data/syncs/sync_07"));
  expect(sent).toEqual([{ names: [{ column: "revenue", header: "Revenue (EUR)" }] }]);
});

it("of several new names takes those that are left ticked", async () => {
  const sent: unknown[] = [];
  const renamed = (column: string, header: string) => ({
    column,
    header,
    change: "renamed_suspected",
    action: "quarantine",
  });
  server.use(
    http.get("*/api/quarantine/:id", () =>
      HttpResponse.json({
        ...quarantined,
        header: null,
        lines: [],
        drifts: [renamed("clicks", "Taps"), renamed("revenue", "Spend")],
      }),
    ),
    http.post("*/api/quarantine/:id/accept-names", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ sync_id: "sync_07" }, { status: 202 });
    }),
  );
  openApp(acme, "/data/quarantine/sync_04");
  await userEvent.click(await screen.findByRole("checkbox", { name: /“Spend”/ }));
  await userEvent.click(screen.getByRole("button", { name: "Accept the new name and load" }));
  await waitFor(() => expect(sent).toEqual([{ names: [{ column: "clicks", header: "Taps" }] }]));
});

it("shows the next page of files on demand", async () => {
  const asked: (string | null)[] = [];
  server.use(
    http.get("*/api/quarantine", ({ request }) => {
      const cursor = new URL(request.url).searchParams.get("cursor");
      asked.push(cursor);
      const message = cursor === null ? "the first" : "the second";
      const next_cursor = cursor === null ? "older" : null;
      return HttpResponse.json({
        items: [{ ...quarantined, sync_id: message, message }],
        next_cursor,
      });
    }),
  );
  openApp(acme, "/data/quarantine");
  await userEvent.click(await screen.findByRole("button", { name: "Show more" }));
  expect(await screen.findByRole("link", { name: "The second" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "The first" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Show more" })).not.toBeInTheDocument();
  expect(asked).toEqual([null, "older"]);
});

it("replays a file as the pipeline is now", async () => {
  const { router } = openApp(acme, "/data/quarantine/sync_04");
  await userEvent.click(await screen.findByRole("button", { name: "Replay" }));
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/data\/syncs\//));
});
