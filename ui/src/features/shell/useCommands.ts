// The pages and actions that the palette offers to this person.
import { useMantineColorScheme } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { sessionQuery } from "../../api/session.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { type Command, toPages } from "./commands.ts";
import { DESTINATIONS } from "./destinations.ts";

type Acts = {
  openHelp: () => void;
  toggleRail: () => void;
  compact: boolean;
  toggleRows: () => void;
};

export function useCommands({ openHelp, toggleRail, compact, toggleRows }: Acts): Command[] {
  const go = useGo();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { setColorScheme } = useMantineColorScheme();
  const { role } = session;
  const act = (label: string, run: () => void, keys?: string[]): Command => ({
    id: `action ${label}`,
    group: "Actions",
    label,
    run,
    ...(keys ? { keys } : {}),
  });
  return [
    ...toPages(DESTINATIONS, go),
    ...(can(role, "start sync") ? [act("Start a backfill", () => go(org.newBackfill()))] : []),
    ...(can(role, "manage connections")
      ? [
          act("Connect Display & Video 360", () => go(org.onboardingConnect())),
          act("Deliver files", () => go(org.newDrop())),
        ]
      : []),
    ...(can(role, "manage pipelines") ? [act("Describe a file", () => go(org.newPipeline()))] : []),
    act(compact ? "Use rows of usual height" : "Use compact rows", toggleRows),
    act("Use the light theme", () => setColorScheme("light")),
    act("Use the dark theme", () => setColorScheme("dark")),
    act("Use the system's theme", () => setColorScheme("auto")),
    act("Collapse or expand navigation", toggleRail, ["["]),
    act("Show keyboard shortcuts", openHelp, ["?"]),
  ];
}
