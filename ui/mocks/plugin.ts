// The API, answered inside the dev server by MSW handlers: `npm run mock`. No browser code is
// involved, so nothing of it can reach the bundle, and both hosts share one state.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import type { Plugin, ViteDevServer } from "vite";

const MOCKED = ["/api/", "/auth/", "/mock/"];

export function mockApi(): Plugin {
  return {
    name: "mock-api",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!MOCKED.some((prefix) => request.url?.startsWith(prefix))) return next();
        // A caller that left needs no answer, and no error either.
        answer(server, request, response).catch((error) => response.destroyed || next(error));
      });
    },
  };
}

async function answer(server: ViteDevServer, request: IncomingMessage, response: ServerResponse) {
  const { getResponse } = await import("msw");
  const { handlers } = await server.ssrLoadModule("/mocks/handlers.ts");
  const abort = new AbortController();
  response.on("close", () => abort.abort());
  const reply = await getResponse(handlers, await toRequest(request, abort.signal));
  if (reply === undefined) {
    response.writeHead(404, { "content-type": "application/json" });
    response.end(
      '{"error":{"code":"not_found","message":"No such thing.","request_id":"req_mock"}}',
    );
    return;
  }
  response.writeHead(reply.status, [...reply.headers].flat());
  if (reply.body === null) response.end();
  else
    Readable.fromWeb(reply.body as NodeStream)
      .on("error", () => {})
      .pipe(response);
}

async function toRequest(request: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string") headers.set(name, value);
  }
  const body = chunks.length > 0 ? { body: new Uint8Array(Buffer.concat(chunks)) } : {};
  const url = `http://${request.headers.host}${request.url}`;
  return new Request(url, { method: request.method ?? "GET", headers, signal, ...body });
}
