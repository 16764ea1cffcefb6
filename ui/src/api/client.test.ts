import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { server } from "../../mocks/vitest.setup.ts";
import { cellApi, unwrap } from "./client.ts";
import { ApiError } from "./errors.ts";
import { createOrg } from "./orgs.ts";

const failing = (status: number, body: unknown, headers = {}) =>
  server.use(
    http.get("*/api/connections", () => HttpResponse.json(body as never, { status, headers })),
  );

async function failure(): Promise<ApiError> {
  const call = unwrap(cellApi.GET("/api/connections"));
  const error = await call.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ApiError)) throw new Error("expected an ApiError");
  return error;
}

it("an error body becomes a typed error with its request id", async () => {
  failing(404, { error: { code: "org_not_found", message: "No such org.", request_id: "req_1" } });
  expect(await failure()).toMatchObject({
    status: 404,
    code: "org_not_found",
    message: "No such org.",
    requestId: "req_1",
    temporary: false,
  });
});

it("an answer that is not ours still becomes a typed error", async () => {
  failing(503, "busy", { "retry-after": "2", "x-request-id": "req_2" });
  expect(await failure()).toMatchObject({
    code: "http_503",
    requestId: "req_2",
    retryAfterSeconds: 2,
    temporary: true,
  });
});

it("no answer at all is told apart from a refusal", async () => {
  server.use(http.get("*/api/connections", () => HttpResponse.error()));
  expect(await failure()).toMatchObject({ status: 0, code: "no_answer", temporary: true });
});

it("writes carry their idempotency key", async () => {
  let key: string | null = null;
  server.use(
    http.post("*/api/orgs", ({ request }) => {
      key = request.headers.get("idempotency-key");
      return HttpResponse.json({}, { status: 202 });
    }),
  );
  await createOrg({ name: "Acme", slug: "acme" }, "key-1");
  expect(key).toBe("key-1");
});
