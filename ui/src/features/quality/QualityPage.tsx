// Whether the figures are here on time, and whether they are the source's own.
import { Page } from "../../ui/Page.tsx";
import { Accuracy } from "./Accuracy.tsx";
import { Freshness } from "./Freshness.tsx";

export function QualityPage() {
  return (
    <Page
      title="Quality"
      context="Whether each advertiser's figures are equal to the source's own sums, and here on time."
    >
      <Accuracy />
      <Freshness />
    </Page>
  );
}
