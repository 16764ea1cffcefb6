// A consent that ends: the connection says so and rests, and another account of the same partner takes it
// over on the same connection, with what was chosen and loaded left as it is.
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { signUp } from "./journey.ts";

const FIRST = "ana.lima@meridian.example";
const SECOND = "priya.shah@meridian.example";

test("a connection goes on with another account", async ({ page }) => {
  await signUp(page, "consent");
  const { origin } = new URL(page.url());

  await page.getByRole("button", { name: "Connect DV360" }).click();
  const source = await consent(page, FIRST);
  await page.waitForURL(/\/onboarding\/advertisers\?connection=/);
  const boxes = page.getByRole("table").getByRole("checkbox");
  await expect(boxes.nth(1)).toBeVisible();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "Start backfill" }).click();
  await page.waitForURL(/\/pacing$/, { timeout: 60_000 });

  await test.step("the consent is taken back, and the next sync finds out", async () => {
    await page.request.put(`${source}/sim/faults`, { data: { user: FIRST, invalid_grant: true } });
    await page.request.post(`${source}/sim/config`, { data: { expire_access_tokens: true } });
    await page.goto(`${origin}/data/connections`);
    await page.getByRole("table").getByRole("link").first().click();
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.waitForURL(/\/data\/syncs\//);
    await expect(page.getByText(/^The consent has ended/).first()).toBeVisible();
    await page.getByRole("link", { name: "Open connection" }).click();
    await expect(page.getByText(/Figures stay as they were/)).toBeVisible();
    await expectAccessible(page, "connection whose consent has ended");
  });

  await test.step("somebody else consents", async () => {
    await page.getByRole("button", { name: "Reconnect", exact: true }).click();
    await consent(page, SECOND);
    await page.waitForURL(/\/data\/connections\/connection_/);
    await expect(page.getByRole("heading", { name: SECOND, level: 1 })).toBeVisible();
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
    await expect(page.getByText("1 selected")).toBeVisible();
  });

  await test.step("what was missed is read, and the sync says who asked for it", async () => {
    await page.goto(`${origin}/data/syncs`);
    const row = page.getByRole("row", { name: /You, reconnecting/ }).first();
    await expect(row.getByText("Done")).toBeVisible({ timeout: 60_000 });
    await expectAccessible(page, "syncs after a reconnection");
  });
  await page.request.put(`${source}/sim/faults`, { data: { user: FIRST, invalid_grant: false } });
});

/** Chooses an account at the source and allows; returns where the source is. */
async function consent(page: Page, account: string): Promise<string> {
  await page.getByRole("radio", { name: account }).check();
  const { origin } = new URL(page.url());
  await page.getByRole("button", { name: "Allow" }).click();
  return origin;
}
