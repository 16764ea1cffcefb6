// The parts of naming.
import { org } from "../../lib/paths.ts";
import { LinkTabs } from "../../ui/LinkTabs.tsx";

const TABS = [
  { key: "overview", label: "Overview", to: org.naming() },
  { key: "names", label: "Names", to: org.names() },
  { key: "conventions", label: "Conventions", to: org.conventions() },
];

export function Tabs({ current }: { current: "overview" | "names" | "conventions" }) {
  return <LinkTabs label="Naming" tabs={TABS} current={current} />;
}
