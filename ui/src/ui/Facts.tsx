// Facts about one thing, a label and a value each; the shape of every record page.
import type { ReactNode } from "react";
import classes from "./Facts.module.css";

export function Facts({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <dl className={classes.facts} aria-label={label}>
      {children}
    </dl>
  );
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
