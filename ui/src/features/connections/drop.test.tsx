import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";

const acme = { kind: "org", slug: "acme" } as const;
const AT = "/data/connections/conn_drop";

const drop = {
  connection_id: "conn_drop",
  connector: "file_drop",
  name: "The Trade Desk",
  state: "active",
  account_email: null,
  scopes: [],
  partner: null,
  advertisers_selected: 0,
  last_sync: null,
  problem: null,
  created_at: "2026-11-20T08:00:00Z",
};
const taker = {
  pipeline: "ttd_days",
  title: "The Trade Desk, daily",
  enabled: true,
  connector: "file_drop",
  dataset: "line_item_days",
  layer_version: 1,
  changed: true,
  problems: 0,
};
const file = {
  name: "ttd_1.csv",
  origin: "upload",
  bytes: 261,
  pipeline: "ttd_days",
  bronze_id: "brz_1",
  sync_id: "sync_07",
  state: "quarantined",
  problem: null,
  delivered_at: "2026-11-23T08:00:00Z",
};

function serve({ takers = [taker], files = () => [file] as object[] } = {}) {
  server.use(
    http.get("*/api/connections/conn_drop", () => HttpResponse.json(drop)),
    http.get("*/api/connections/conn_drop/files", () => HttpResponse.json({ items: files() })),
    http.get("*/api/pipelines", () => HttpResponse.json({ items: takers })),
    http.get("*/api/pipelines/ttd_days", () =>
      HttpResponse.json({
        ...taker,
        diff: [],
        problems: [],
        conflicts: [],
        effective: { source: { connector: "file_drop", file: { name_pattern: "ttd_*.csv" } } },
      }),
    ),
  );
}

it("makes a connection for files with a name", async () => {
  const sent: unknown[] = [];
  serve();
  server.use(
    http.post("*/api/connections", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(drop, { status: 201 });
    }),
  );
  const { router } = openApp(acme, "/data/connections/new");
  await userEvent.type(await screen.findByLabelText("Name"), "The Trade Desk");
  await userEvent.click(screen.getByRole("button", { name: "Create connection" }));
  await waitFor(() => expect(router.state.location.pathname).toBe(AT));
  expect(sent).toEqual([{ connector: "file_drop", name: "The Trade Desk" }]);
});

it("asks for a description first where no file can be read", async () => {
  serve({ takers: [], files: () => [] });
  openApp(acme, AT);
  const way = await screen.findByRole("link", { name: "Describe a file" });
  expect(way).toHaveAttribute("href", "/data/pipelines/new");
  expect(screen.queryByRole("button", { name: "Choose files" })).not.toBeInTheDocument();
});

it("sends a file and shows what came of it", async () => {
  const sent: { name: string | null; text: string }[] = [];
  serve({ files: () => (sent.length > 0 ? [file] : []) });
  server.use(
    http.post("*/api/connections/conn_drop/files", async ({ request }) => {
      const name = new URL(request.url).searchParams.get("name");
      sent.push({ name, text: await request.text() });
      return HttpResponse.json({ sync_id: "sync_07" }, { status: 202 });
    }),
  );
  openApp(acme, AT);
  const input = await screen.findByLabelText("Files to deliver");
  await userEvent.upload(input, new File(["a;b\n"], "ttd_1.csv", { type: "text/csv" }));
  const row = await screen.findByRole("row", { name: /ttd_1.csv/ });
  expect(within(row).getByText("Quarantined")).toBeInTheDocument();
  const name = within(row).getByRole("link", { name: "ttd_1.csv" });
  expect(name).toHaveAttribute("href", "/data/quarantine/sync_07");
  expect(sent).toEqual([{ name: "ttd_1.csv", text: "a;b\n" }]);
  expect(screen.queryByRole("list", { name: "Uploads" })).not.toBeInTheDocument();
});

it("says why a file is refused, and does not send an empty one", async () => {
  let asked = 0;
  serve();
  server.use(
    http.post("*/api/connections/conn_drop/files", () => {
      asked += 1;
      const message = "no pipeline that is on takes a file of this name";
      const error = { code: "file_name_refused", message, request_id: "req_1" };
      return HttpResponse.json({ error }, { status: 422 });
    }),
  );
  openApp(acme, AT);
  const input = await screen.findByLabelText("Files to deliver");
  await userEvent.upload(input, [new File([], "empty.csv"), new File(["x\n"], "other.csv")]);
  const uploads = await screen.findByRole("list", { name: "Uploads" });
  expect(within(uploads).getByText("The file is empty.")).toBeInTheDocument();
  expect(
    await within(uploads).findByText("No pipeline that is on takes a file of this name."),
  ).toBeInTheDocument();
  expect(asked).toBe(1);
  await userEvent.click(screen.getByRole("button", { name: "Dismiss empty.csv" }));
  expect(within(uploads).queryByText("The file is empty.")).not.toBeInTheDocument();
});
