// The parts of naming, as links: each has its own address.
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import classes from "./Naming.module.css";

const PARTS = {
  overview: { label: "Overview", to: org.naming() },
  names: { label: "Names", to: org.names() },
  conventions: { label: "Conventions", to: org.conventions() },
};

export function Tabs({ current }: { current: keyof typeof PARTS }) {
  return (
    <nav className={classes.tabs} aria-label="Naming">
      {Object.entries(PARTS).map(([key, { label, to }]) => (
        <AppLink key={key} to={to} exact data-current={key === current || undefined}>
          {label}
        </AppLink>
      ))}
    </nav>
  );
}
