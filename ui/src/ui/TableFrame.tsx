// Where a table scrolls sideways. Tables without links in their rows still have to be reachable
// by keyboard, or nobody could scroll them without a mouse.
import type { ReactNode } from "react";
import table from "./table.module.css";

type Props = { label: string; className?: string | undefined; children: ReactNode };

export function TableFrame({ label, className = "", children }: Props) {
  return (
    <section
      className={`${table.frame} ${className}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      {children}
    </section>
  );
}
