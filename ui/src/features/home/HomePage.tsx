// What needs somebody today: data that has stopped, money at risk, names that are wrong.
import { useSuspenseQuery } from "@tanstack/react-query";
import { sessionQuery } from "../../api/session.ts";
import { Page } from "../../ui/Page.tsx";
import { AtRisk } from "./AtRisk.tsx";
import { Attention } from "./Attention.tsx";
import { Names } from "./Names.tsx";

export function HomePage() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const has = (module: string) => session.modules.includes(module);
  const today = new Intl.DateTimeFormat(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(new Date());
  return (
    <Page title="Today" context={today}>
      <Attention role={session.role} />
      {has("pacing") && <AtRisk />}
      {has("taxonomy") && <Names />}
    </Page>
  );
}
