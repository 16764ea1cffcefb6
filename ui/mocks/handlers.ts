// The mocked API of both hosts, told apart by the host name.

import { cellHandlers } from "./cell-handlers.ts";
import { dataHandlers } from "./data-handlers.ts";
import { globalHandlers } from "./global-handlers.ts";
import { dryRunHandler, pipelineHandlers } from "./pipelines.ts";

export const handlers = [
  ...globalHandlers,
  ...dataHandlers,
  dryRunHandler,
  ...pipelineHandlers,
  ...cellHandlers,
];
