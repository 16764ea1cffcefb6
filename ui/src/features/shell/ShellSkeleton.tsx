// The shape of the app while the session is asked for.
import { Skeleton } from "@mantine/core";
import { Logo } from "../../ui/Logo.tsx";
import classes from "./OrgShell.module.css";

export function ShellSkeleton() {
  return (
    <div className={classes.shell} aria-busy="true">
      <span className="sr-only">Loading</span>
      <div className={classes.rail}>
        <div className={classes.brand}>
          <Logo />
        </div>
        <div className="stack" style={{ padding: 16 }}>
          <Skeleton height={12} width={96} />
          <Skeleton height={12} width={72} />
          <Skeleton height={12} width={84} />
        </div>
      </div>
      <div className={classes.column}>
        <div className={classes.bar}>
          <Skeleton height={12} width={120} />
        </div>
        <div style={{ padding: "28px 32px" }}>
          <Skeleton height={20} width={140} />
        </div>
      </div>
    </div>
  );
}
