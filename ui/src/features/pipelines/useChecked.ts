// What the text amounts to: its layer, what differs from what is in force, what is wrong with it.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { checkQuery } from "../../api/pipelines.ts";
import type { PipelineDetail } from "../../api/types.ts";
import { changesBetween } from "../../lib/json-changes.ts";
import { readJson } from "../../lib/json-places.ts";
import { layerOf, pathInText } from "../../lib/layer.ts";
import { placeProblems, type SpecProblem } from "../../ui/problems.ts";

const CHECK_AFTER_MS = 350;

export function useChecked(pipeline: PipelineDetail, text: string) {
  const shipped = pipeline.built_in ?? null;
  const read = useMemo(() => readJson(text), [text]);
  const layer = useMemo(() => (read.ok ? layerOf(shipped, read.value) : null), [read, shipped]);
  const [settled] = useDebouncedValue(read.ok ? layer : undefined, CHECK_AFTER_MS);
  const check = useQuery({
    ...checkQuery({ pipeline: pipeline.pipeline, layer: settled ?? null }),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
  });
  const problems = useMemo(() => {
    const said: SpecProblem[] = check.data?.problems ?? [];
    const here = said.map((problem) => ({
      ...problem,
      path: read.ok ? pathInText(problem.path, shipped, read.value) : problem.path,
    }));
    return placeProblems(read, here);
  }, [read, shipped, check.data]);
  const now = specOf(pipeline);
  const changes = useMemo(() => (read.ok ? changesBetween(now, read.value) : []), [read, now]);
  const checking = read.ok && (settled !== layer || check.isFetching);
  const isSound = problems.every(({ weight }) => weight !== "error");
  return {
    layer,
    problems,
    changes,
    checking,
    /** Nothing stands against saving it. */
    passes: read.ok && !checking && check.data !== undefined && isSound,
  };
}

/** What is in force; where that comes to nothing, what there is to mend. */
export function specOf(pipeline: PipelineDetail): unknown {
  return pipeline.effective ?? pipeline.built_in ?? pipeline.layer ?? {};
}
