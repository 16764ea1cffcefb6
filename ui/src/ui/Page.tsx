// The frame of every page in the org app: title, one line of context, actions.
import { type ReactNode, useEffect } from "react";
import classes from "./Page.module.css";

type Props = {
  title: ReactNode;
  /** The window title; needed where `title` is not plain text. */
  name?: string;
  above?: ReactNode;
  aside?: ReactNode;
  context?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  /** The content takes the rest of the window and scrolls inside it. */
  fill?: boolean;
  children: ReactNode;
};

export function Page({
  title,
  name,
  above,
  aside,
  context,
  actions,
  narrow,
  fill,
  children,
}: Props) {
  useTitle(name ?? String(title));
  return (
    <div className={classes.page} data-narrow={narrow || undefined} data-fill={fill || undefined}>
      {above && <div className={classes.above}>{above}</div>}
      <header className={classes.header}>
        <div className={classes.heading}>
          <div className={classes.titleRow}>
            <h1>{title}</h1>
            {aside}
          </div>
          {context && <div className={`in-text ${classes.context}`}>{context}</div>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Cellplane`;
  }, [title]);
}
