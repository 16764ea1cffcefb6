// The mocked API of both hosts, told apart by the host name.
import { cellHandlers } from "./cell-handlers.ts";
import { globalHandlers } from "./global-handlers.ts";

export const handlers = [...globalHandlers, ...cellHandlers];
