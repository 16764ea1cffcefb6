import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, it } from "vitest";
import { openApp } from "../../../mocks/render.tsx";
import { server } from "../../../mocks/vitest.setup.ts";

const frontDoor = { kind: "front-door" } as const;
const user = { user_id: "user_1", email: "mira@example.com", name: "Mira" };

beforeEach(() => {
  server.use(http.get("*/api/me", () => HttpResponse.json({ user, orgs: [] })));
});

it("proposes an address from the name and offers another when it is taken", async () => {
  openApp(frontDoor, "/sign-up/organisation");
  await userEvent.type(await screen.findByLabelText("Organisation name"), "Acme");
  expect(screen.getByLabelText("Address")).toHaveValue("acme");
  await userEvent.click(await screen.findByRole("button", { name: "Use acme-media" }));
  expect(screen.getByLabelText("Address")).toHaveValue("acme-media");
  expect(await screen.findByText("Available")).toBeInTheDocument();
});

it("sends the same key again when the first answer never arrived", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post("*/api/orgs", ({ request }) => {
      keys.push(request.headers.get("idempotency-key"));
      return keys.length === 1 ? HttpResponse.error() : undefined;
    }),
  );
  const { router } = openApp(frontDoor, "/sign-up/organisation");
  await userEvent.type(await screen.findByLabelText("Organisation name"), "Blue Heron");
  await screen.findByText("Available");
  await userEvent.click(screen.getByRole("button", { name: "Create organisation" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/orgs/org_blue-heron"), {
    timeout: 4000,
  });
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});
