// The parts of a page as links: each has its own address.
import { AppLink } from "./AppLink.tsx";
import classes from "./LinkTabs.module.css";

type Tab = { key: string; label: string; to: string };

export function LinkTabs({
  label,
  tabs,
  current,
}: {
  label: string;
  tabs: Tab[];
  current: string;
}) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <AppLink
          key={tab.key}
          to={tab.to}
          whole
          className={classes.tab}
          aria-current={tab.key === current ? "page" : undefined}
        >
          {tab.label}
        </AppLink>
      ))}
    </nav>
  );
}
