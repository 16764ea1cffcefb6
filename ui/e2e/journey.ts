// A new person with an org of their own, and the way to its first data.
import { expect, type Page } from "@playwright/test";

/** Ends on the new org's own host, with nothing connected. */
export async function signUp(page: Page, name: string): Promise<void> {
  const run = `${name}-${Date.now().toString(36)}`;
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Mira Sandoval");
  await page.getByLabel("Work email").fill(`${run}@northwind.example`);
  await page.getByLabel("Password", { exact: true }).fill(`a long phrase ${run}`);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByLabel("Organisation name").fill(run);
  await expect(page.getByText("Available")).toBeVisible();
  await page.getByRole("button", { name: "Create organisation" }).click();
  await page.waitForURL(/\/onboarding\/connect/);
}

/** Connected and with one advertiser's data in; ends on pacing, with the first rows there. */
export async function bringInData(page: Page, name: string): Promise<void> {
  await signUp(page, name);
  await page.getByRole("button", { name: "Connect DV360" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(/\/onboarding\/advertisers\?connection=/);
  const boxes = page.getByRole("table").getByRole("checkbox");
  await expect(boxes.nth(1)).toBeVisible();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "Start backfill" }).click();
  await page.waitForURL(/\/pacing$/, { timeout: 60_000 });
  const table = page.getByRole("table", { name: "Insertion orders and their pacing" });
  await expect(table.getByRole("row").nth(1)).toBeVisible({ timeout: 30_000 });
}
