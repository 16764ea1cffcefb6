// A part of a page under a heading of its own, with how many things are in it.
import { type ReactNode, useId } from "react";
import classes from "./Section.module.css";

type Props = {
  title: string;
  /** How many, or any other short remark beside the title. */
  count?: ReactNode;
  context?: ReactNode;
  children: ReactNode;
};

export function Section({ title, count, context, children }: Props) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div>
        <h2 id={id}>
          {title} {count != null && <span className="quieter num">{count}</span>}
        </h2>
        {context && <p className={`in-text ${classes.context}`}>{context}</p>}
      </div>
      {children}
    </section>
  );
}
