// The mocked API of both hosts, told apart by the host name.

import { calendarHandlers } from "./calendar.ts";
import { cellHandlers } from "./cell-handlers.ts";
import { dataHandlers } from "./data-handlers.ts";
import { globalHandlers } from "./global-handlers.ts";
import { namingHandlers } from "./naming.ts";
import { dryRunHandler, pipelineHandlers } from "./pipelines.ts";

export const handlers = [
  ...globalHandlers,
  ...dataHandlers,
  ...calendarHandlers,
  ...namingHandlers,
  dryRunHandler,
  ...pipelineHandlers,
  ...cellHandlers,
];
