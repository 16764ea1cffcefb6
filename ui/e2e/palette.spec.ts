// The way through the product without a mouse: the palette, two keys, and rows.
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { bringInData } from "./journey.ts";

test("everything is reached by keyboard", async ({ page }) => {
  await bringInData(page, "keyboard");
  const field = page.getByRole("combobox", { name: "Search or jump to" });

  await test.step("a page by a part of its name", async () => {
    await page.keyboard.press("Control+k");
    await expect(field).toBeFocused();
    await expectAccessible(page, "palette");
    await page.keyboard.type("reten");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Retention", level: 1 })).toBeVisible();
    await expect(field).toBeHidden();
    await expectAccessible(page, "retention");
  });

  await test.step("a line item by its name leads to its order", async () => {
    await page.getByRole("button", { name: "Search or jump to" }).click();
    await page.keyboard.type("_LI");
    const items = page.getByRole("group", { name: "Line items" }).getByRole("option");
    await expect(items.first()).toBeVisible();
    await items.first().click();
    await page.waitForURL(/\/pacing\/[^/?]+$/);
  });

  await test.step("the focus stays inside and comes back", async () => {
    const opener = page.getByRole("button", { name: "Search or jump to" });
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect(field).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("dialog").locator(":focus")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(opener).toBeFocused();
  });

  await test.step("two keys go to a page, j and Enter open its first row", async () => {
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await expect(page.getByRole("heading", { name: "Pipelines", level: 1 })).toBeVisible();
    await expect(page.getByRole("table").getByRole("link").first()).toBeVisible();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/data\/pipelines\/[^/]+$/);
  });

  await test.step("rows become compact, and stay so", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("compact");
    await page.keyboard.press("Enter");
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    const row = page.getByRole("table").getByRole("row").nth(1);
    await expect(row.getByRole("link").first()).toBeVisible();
    await expect.poll(async () => (await row.boundingBox())?.height).toBeLessThan(32);
    await page.reload();
    await expect.poll(async () => (await row.boundingBox())?.height).toBeLessThan(32);
  });
});
