// The data section on real data: what a sync did, a pipeline changed and put back, the calendar,
// the quarantine, and where a figure came from.
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { bringInData } from "./journey.ts";

test("the data behind the figures can be seen, changed and traced", async ({ page }) => {
  await bringInData(page, "data");
  const nav = page.getByRole("navigation", { name: "Main" });

  await test.step("a sync's steps, with their time and calls", async () => {
    await nav.getByRole("link", { name: "Syncs" }).click();
    await page.getByRole("table").getByRole("link").first().click();
    const steps = page.getByRole("table", { name: /Steps of this sync/ });
    await expect(steps.getByRole("row", { name: /Download/ })).toBeVisible();
    await expectAccessible(page, "sync with its timeline");
  });

  await test.step("a pipeline is wrong, then right, then saved and put back", async () => {
    await nav.getByRole("link", { name: "Pipelines" }).click();
    await expectAccessible(page, "pipelines");
    await page.getByRole("link", { name: "Daily delivery by line item" }).click();
    await expect(page.getByText(/The first sync reads 90 days/)).toBeVisible();
    await expectAccessible(page, "pipeline");
    await page.getByRole("button", { name: "Edit" }).click();
    const spec = page.getByRole("textbox", { name: /^Spec of/ });
    const text = await spec.inputValue();
    await spec.fill(text.replace('"to": "clicks"', '"to": "impressions"'));
    await expect(page.getByRole("button", { name: /Another column goes to/ })).toBeVisible();
    await expectAccessible(page, "pipeline editor");
    await spec.fill(text.replace('"first_days": 90', '"first_days": 60'));
    await expect(page.getByText("No problems")).toBeVisible();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(page.getByText("Would be loaded")).toBeVisible();
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByLabel("Comment").fill("Two months are enough");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText(/The first sync reads 60 days/)).toBeVisible();
    await expect(page.getByRole("row", { name: /Two months are enough/ })).toContainText(
      "In force",
    );
  });

  await test.step("the calendar, by keyboard", async () => {
    await nav.getByRole("link", { name: "Calendar" }).click();
    const grid = page.getByRole("grid");
    await expect(
      grid.getByRole("gridcell", { name: /provisional|complete/ }).first(),
    ).toBeVisible();
    await expectAccessible(page, "calendar");
    await grid.locator('[tabindex="0"]').focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toContainText("Advertiser");
    await expect(page).toHaveURL(/advertiser=.*date=|date=.*advertiser=/);
    await page.keyboard.press("Escape");
  });

  await test.step("the quarantine, empty", async () => {
    await nav.getByRole("link", { name: "Quarantine" }).click();
    await expect(page.getByText("Nothing is in quarantine")).toBeVisible();
    await expectAccessible(page, "quarantine");
  });

  await test.step("a figure, down to the line of its file", async () => {
    await nav.getByRole("link", { name: "Pacing" }).click();
    const table = page.getByRole("table", { name: "Insertion orders and their pacing" });
    await table.getByRole("link").first().click();
    await page.getByText("Show the days as a table").click();
    await page
      .getByRole("button", { name: /where it came from/ })
      .last()
      .click();
    const panel = page.getByRole("dialog");
    await expect(panel).toContainText(/Added up from/);
    await panel.getByRole("button", { expanded: false }).first().click();
    await expect(panel.getByRole("list", { name: "Where it came from" })).toContainText("Pipeline");
    await expect(panel.getByRole("region", { name: "Lines of the file" })).toBeVisible();
    await expectAccessible(page, "lineage");
  });
});
