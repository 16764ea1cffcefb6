// The front door's frame: a form to the left, what it leads to on the right.
import type { ReactNode } from "react";
import classes from "./FrontFrame.module.css";
import { Logo } from "./Logo.tsx";
import { SamplePreview } from "./SamplePreview.tsx";

type Props = { steps?: ReactNode; corner?: ReactNode; preview?: boolean; children: ReactNode };

export function FrontFrame({ steps, corner, preview = false, children }: Props) {
  return (
    <div className={classes.frame} data-preview={preview || undefined}>
      <div className={classes.main}>
        <header className={classes.top}>
          <Logo />
          {corner}
        </header>
        <main className={classes.body}>
          <div className={classes.form}>
            {steps && <div className={classes.steps}>{steps}</div>}
            {children}
          </div>
        </main>
      </div>
      {preview && (
        <aside className={classes.aside} aria-label="What you will see">
          <SamplePreview />
        </aside>
      )}
    </div>
  );
}

export function FormHeading({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.heading}>
      <h1>{title}</h1>
      {children && <p className="quiet">{children}</p>}
    </div>
  );
}
