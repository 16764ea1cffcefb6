// The org's first page: where its setup stands, or what needs somebody today.
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { connectionsQuery } from "../../api/connections.ts";
import type { Connection } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import { split } from "../../ui/AppLink.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { ShellSkeleton } from "./ShellSkeleton.tsx";

export function HomeRedirect() {
  const connections = useQuery(connectionsQuery);
  if (connections.data) return <Navigate {...split(start(connections.data.items))} replace />;
  if (connections.error) {
    return (
      <ErrorState
        error={connections.error}
        what="load your organisation"
        onRetry={() => void connections.refetch()}
      />
    );
  }
  return <ShellSkeleton />;
}

export function start(connections: readonly Connection[]): string {
  const [first] = connections;
  if (first === undefined) return org.onboardingConnect();
  const unfinished = connections.every((connection) => connection.advertisers_selected === 0);
  return unfinished ? org.onboardingAdvertisers(first.connection_id) : org.home();
}
