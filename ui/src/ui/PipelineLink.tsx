// A pipeline by its title; by its name only while nothing else is known of it.
import { useQuery } from "@tanstack/react-query";
import { pipelinesQuery } from "../api/pipelines.ts";
import { org } from "../lib/paths.ts";
import { AppLink } from "./AppLink.tsx";

type Props = { pipeline: string; className?: string | undefined };

export function PipelineLink({ pipeline, className }: Props) {
  const { data } = useQuery(pipelinesQuery);
  const title = data?.items.find((item) => item.pipeline === pipeline)?.title ?? pipeline;
  return (
    <AppLink to={org.pipeline(pipeline)} className={className} title={pipeline}>
      {title}
    </AppLink>
  );
}
