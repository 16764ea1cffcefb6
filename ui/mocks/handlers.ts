// The mocked API of both hosts, told apart by the host name.

import { cellHandlers } from "./cell-handlers.ts";
import { globalHandlers } from "./global-handlers.ts";
import { pipelineHandlers } from "./pipelines.ts";

export const handlers = [
  ...globalHandlers,

  ...pipelineHandlers,
  ...cellHandlers,
];
