// Browser features that jsdom lacks, and the mocked API for component tests.
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll } from "vitest";
import { handlers } from "./handlers.ts";

// Pages are loaded when first opened; on a busy machine that takes longer than the default.
configure({ asyncUtilTimeout: 10_000 });

export const server = setupServer(...handlers);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());

window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
  }) as unknown as MediaQueryList;

window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
window.scrollTo = () => {};
Element.prototype.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};

// Charts draw on it; nothing is drawn here, and whatever they ask of it is a function.
const pen = new Proxy({} as Record<string | symbol, unknown>, {
  get: (held, name) => held[name] ?? (() => ({ width: 0, addColorStop: () => {} })),
});
HTMLCanvasElement.prototype.getContext = (() => pen) as never;
