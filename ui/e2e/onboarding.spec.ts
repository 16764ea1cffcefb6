// A stranger's way: account, organisation, consent, advertisers, backfill, the first chart.
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./axe.ts";

test("from sign-up to the first pacing chart", async ({ page }) => {
  const run = Date.now().toString(36);
  const failures = watchForFailures(page);

  await test.step("account", async () => {
    await page.goto("/sign-up");
    await expect(page).toHaveTitle(/Step 1 of 5: Account/);
    await expectAccessible(page, "sign-up");
    await page.getByLabel("Name").fill("Mira Sandoval");
    await page.getByLabel("Work email").fill(`mira.${run}@northwind.example`);
    await page.getByLabel("Password", { exact: true }).fill(`a long phrase ${run}`);
    await page.getByRole("button", { name: "Create account" }).click();
  });

  await test.step("organisation", async () => {
    await expect(page).toHaveURL(/\/sign-up\/organisation$/);
    await page.getByLabel("Organisation name").fill(`Northwind ${run}`);
    await expect(page.getByText("Available")).toBeVisible();
    await expectAccessible(page, "organisation");
    await page.getByRole("button", { name: "Create organisation" }).click();
  });

  await test.step("the org's own host", async () => {
    await page.waitForURL(new RegExp(`//northwind-${run}\\..*/onboarding/connect`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Connect Display & Video 360");
    await expectAccessible(page, "connect");
  });

  await test.step("consent", async () => {
    await page.getByRole("button", { name: "Connect DV360" }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(/\/onboarding\/advertisers\?connection=/);
  });

  await test.step("advertisers", async () => {
    const boxes = page.getByRole("table").getByRole("checkbox");
    await expect(boxes.nth(1)).toBeVisible();
    await boxes.nth(1).check();
    await expect(page.getByText(/^1 advertiser in one report ·/)).toBeVisible();
    await expectAccessible(page, "advertisers");
    await page.getByRole("button", { name: "Start backfill" }).click();
  });

  await test.step("progress, which ends on pacing by itself", async () => {
    await page.waitForURL(/\/(onboarding\/progress|pacing)/);
    await page.waitForURL(/\/pacing$/, { timeout: 60_000 });
    await expect(page.getByRole("heading", { name: "Pacing", level: 1 })).toBeVisible();
  });

  await test.step("pacing", async () => {
    const table = page.getByRole("table", { name: "Insertion orders and their pacing" });
    await expect(table.getByRole("row").nth(1)).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("region", { name: "Totals by currency" })).toBeVisible();
    await expectAccessible(page, "pacing");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
  });

  await test.step("the first chart, and how a figure was made", async () => {
    await page.waitForURL(/\/pacing\/[^/?]+$/);
    await expect(page.getByRole("heading", { name: "Delivery against plan" })).toBeVisible();
    await expect(page.locator("canvas").first()).toBeVisible();
    await page.getByText("Show the days as a table").click();
    await expectAccessible(page, "insertion order");
    await page.getByRole("button", { name: /^Pacing/ }).click();
    await expect(page.getByRole("dialog")).toContainText("Formula");
    await expect(page).toHaveURL(/explain=/);
    await expectAccessible(page, "explanation");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  });

  await test.step("data pages", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await page.getByRole("heading", { name: "Connections" }).waitFor();
    await expectAccessible(page, "connections");
    await page.getByRole("table").getByRole("link").first().click();
    await page.getByRole("heading", { name: "Disconnect" }).waitFor();
    await expectAccessible(page, "connection");
    await page.getByRole("link", { name: "Syncs", exact: true }).click();
    await page.getByRole("table").getByRole("link").first().click();
    await page.getByRole("region", { name: "Sync progress" }).waitFor();
    await expectAccessible(page, "sync");
  });

  await test.step("sign out", async () => {
    await page.getByRole("button", { name: "Account and theme" }).click();
    await expectAccessible(page, "account menu");
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/\/\/app\./);
  });

  expect(failures).toEqual([]);
});

test("a stranger at an org's door is asked to sign in and comes back", async ({
  page,
  baseURL,
}) => {
  const run = Date.now().toString(36);
  const email = `ivo.${run}@northwind.example`;
  const password = `another phrase ${run}`;
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Ivo Marsh");
  await page.getByLabel("Work email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByLabel("Organisation name").fill(`Harbour ${run}`);
  await expect(page.getByText("Available")).toBeVisible();
  await page.getByRole("button", { name: "Create organisation" }).click();
  await page.waitForURL(/\/onboarding\/connect/);
  const org = new URL(page.url());
  expect(org.host).not.toBe(new URL(baseURL ?? "").host);

  await page.context().clearCookies();
  await page.goto(`${org.origin}/data/syncs`);
  await expectAccessible(page, "signed out");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${org.origin}/data/syncs`);
  await expect(page.getByRole("heading", { name: "Syncs" })).toBeVisible();
  await expectAccessible(page, "syncs, nothing yet");
});

/** Page errors and failed assets are failures of the walk, wherever they happen. */
function watchForFailures(page: Page): string[] {
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 500) failures.push(`${response.status()} ${response.url()}`);
  });
  return failures;
}
