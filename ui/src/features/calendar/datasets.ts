// What there is to look at: one dataset per pipeline, the line items' days first.
import type { PipelineItem } from "../../api/types.ts";

export const DEFAULT_DATASET = "line_item_days";

export type DatasetOption = { value: string; label: string; pipeline: string };

/** Breakdowns share a table, so each is known by its pipeline's name. */
export function datasetsOf(pipelines: readonly PipelineItem[]): DatasetOption[] {
  const options = new Map<string, DatasetOption>();
  for (const { dataset, pipeline, title } of pipelines) {
    if (!dataset) continue;
    const value = dataset === "breakdown_days" ? pipeline : dataset;
    if (!options.has(value)) options.set(value, { value, label: title, pipeline });
  }
  return [...options.values()];
}
