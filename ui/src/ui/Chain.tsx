// Where something came from, one step after the other, the thing itself on top.
import type { ReactNode } from "react";
import classes from "./Chain.module.css";

export function Chain({ children, label }: { children: ReactNode; label: string }) {
  return (
    <ol className={classes.chain} aria-label={label}>
      {children}
    </ol>
  );
}

type LinkProps = { what: string; value: ReactNode; children?: ReactNode };

export function ChainLink({ what, value, children }: LinkProps) {
  return (
    <li className={classes.link}>
      <span className={classes.what}>{what}</span>
      <div className={classes.value}>{value}</div>
      {children && <div className={classes.more}>{children}</div>}
    </li>
  );
}
