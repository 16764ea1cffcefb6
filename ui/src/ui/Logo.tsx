import classes from "./Logo.module.css";

export function Logo({ withName = true }: { withName?: boolean }) {
  return (
    <span className={classes.logo}>
      <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
        <rect x="1" y="1" width="8" height="8" rx="2" fill="currentColor" />
        <rect x="11" y="1" width="8" height="8" rx="2" fill="currentColor" opacity=".3" />
        <rect x="1" y="11" width="8" height="8" rx="2" fill="currentColor" opacity=".3" />
        <rect x="11" y="11" width="8" height="8" rx="2" fill="var(--accent)" />
      </svg>
      {withName ? "Cellplane" : <span className="sr-only">Cellplane</span>}
    </span>
  );
}
