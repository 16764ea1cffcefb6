// Pacing before anything is connected: what it is, one action, and an example of it.
import { Button } from "@mantine/core";
import { org } from "../../lib/paths.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { Page } from "../../ui/Page.tsx";
import { SamplePreview } from "../../ui/SamplePreview.tsx";
import classes from "./FirstUse.module.css";

export function FirstUse() {
  const go = useGo();
  return (
    <Page title="Pacing">
      <div className={classes.split}>
        <div>
          <h2 className={classes.title}>See what is behind before it is too late</h2>
          <p className="quiet">
            Each insertion order against its budget segment, every morning: what was spent, what was
            expected, what is needed per day, and what is at risk. Every figure opens to show how it
            was made.
          </p>
          <Button className={classes.action} onClick={() => go(org.onboardingConnect())}>
            Connect DV360
          </Button>
        </div>
        <SamplePreview />
      </div>
    </Page>
  );
}
