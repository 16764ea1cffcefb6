// A trader's morning, by keyboard where it is quicker: what needs somebody, the order most at risk,
// why its figure is what it is, and the list as a file.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { bringInData } from "./journey.ts";

test("a morning leads from home to the order at risk, its reason and an export", async ({
  page,
}) => {
  await bringInData(page, "morning");

  await test.step("home", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible();
    await expect(page.getByText("Data is on time, every connection works")).toBeVisible();
    await expect(page.getByRole("region", { name: "Orders at risk" })).toBeVisible();
    await expectAccessible(page, "home");
  });

  await test.step("the order most at risk", async () => {
    const first = page.getByRole("region", { name: "Orders at risk" }).getByRole("link").first();
    // Cut in its middle where there is no room, and whole for those who hear it.
    const name = await first.locator("span[title]").getAttribute("title");
    await page.keyboard.press("j");
    await expect(first).toBeFocused();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/pacing\/[^/?]+$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name ?? "");
  });

  await test.step("why", async () => {
    await page.getByRole("button", { name: /^At risk/ }).click();
    const why = page.getByRole("dialog");
    await expect(why).toContainText("Formula");
    await expectAccessible(page, "why it is at risk");
    await page.keyboard.press("Escape");
  });

  await test.step("the list as a file", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    const table = page.getByRole("table", { name: "Insertion orders and their pacing" });
    await expect(table.getByRole("row").nth(1)).toBeVisible();
    const rows = (await table.getByRole("row").count()) - 1;
    const download = page.waitForEvent("download");
    await page.keyboard.press("e");
    const file = readFileSync(await (await download).path(), "utf8");
    const lines = file.trim().split("\n");
    expect(lines).toHaveLength(rows + 1);
    expect(lines[0]).toContain("at_risk");
  });
});
