// The frame of the steps on the org's host: the same account menu, the steps, one column.
import type { ReactNode } from "react";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { OrgAccount } from "../../ui/OrgAccount.tsx";
import { type Step, Steps } from "../../ui/Steps.tsx";
import classes from "./WizardFrame.module.css";

type Props = { step: Step; title: string; lead: ReactNode; wide?: boolean; children: ReactNode };

export function WizardFrame({ step, title, lead, wide, children }: Props) {
  return (
    <div className={classes.frame}>
      <header className={classes.top}>
        <Logo />
        <div className={classes.steps}>
          <Steps current={step} />
        </div>
        <div className={classes.end}>
          <AppLink to={org.pacing()} className="small quiet">
            Later
          </AppLink>
          <OrgAccount />
        </div>
      </header>
      <main className={classes.body} data-wide={wide || undefined}>
        <h1>{title}</h1>
        <div className={classes.lead}>{lead}</div>
        {children}
      </main>
    </div>
  );
}
