// Naming on real data: a convention learned from the names in use, kept, seen at work, exported;
// then the module's settings, tried and put back.
import { expect, test } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { bringInData } from "./journey.ts";

test("a convention is learned, applied, and what it finds is exported", async ({ page }) => {
  await bringInData(page, "naming");
  const nav = page.getByRole("navigation", { name: "Main" });

  await test.step("nothing to check against yet", async () => {
    await nav.getByRole("link", { name: "Naming" }).click();
    await expect(page.getByRole("heading", { name: "No convention yet" })).toBeVisible();
    await expectAccessible(page, "naming, first use");
    await page.getByRole("button", { name: "Learn from your names" }).click();
  });

  await test.step("learned from the names in use", async () => {
    await expect(page.getByRole("table", { name: "Fields" })).toBeVisible();
    await expect(page.getByText(/names keep to it/)).toBeVisible();
    await expectAccessible(page, "learn");
    await page.getByRole("button", { name: "Use this proposal" }).click();
  });

  await test.step("made stricter while its names are looked at, then kept", async () => {
    const text = page.getByRole("textbox", { name: "Convention" });
    await expect(page.getByText(/would be right/)).toBeVisible();
    const learned = await text.inputValue();
    await text.fill(learned.replace('"delimiter": "_"', '"delimiter": "abcd"'));
    await expect(page.getByRole("button", { name: /A delimiter is one to three/ })).toBeVisible();
    await text.fill(learned.replace('"max_bytes": 240', '"max_bytes": 20'));
    await expect(page.getByText("No problems")).toBeVisible();
    await expect(page.getByRole("list", { name: "Names that would be wrong" })).toBeVisible();
    await expectAccessible(page, "convention editor");
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByLabel("Comment").fill("Short names only");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByRole("row", { name: /Short names only/ })).toContainText("In force");
  });

  await test.step("what it finds", async () => {
    await nav.getByRole("link", { name: "Naming" }).click();
    await expect(page.getByRole("link", { name: /All names.*wrong/ })).toBeVisible({
      timeout: 20_000,
    });
    await expectAccessible(page, "compliance");
    await page.getByRole("link", { name: "Too long" }).first().click();
    await expect(page.getByText(/bytes and may have 20/).first()).toBeVisible();
    await expectAccessible(page, "names");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export CSV" }).click();
    expect((await download).suggestedFilename()).toBe("names.csv");
  });

  await test.step("settings are tried, and the module is switched off and on again", async () => {
    await nav.getByRole("link", { name: "Modules" }).click();
    await expectAccessible(page, "modules");
    await page.getByRole("link", { name: "Naming" }).last().click();
    await page.getByRole("switch", { name: "Check paused" }).click({ force: true });
    await expect(page.getByRole("region", { name: "Preview" })).toContainText("looked at");
    await expectAccessible(page, "module");
    await page.getByRole("button", { name: "Undo changes" }).click();
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByLabel("Comment").fill("Not now");
    await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
    await expect(nav.getByRole("link", { name: "Naming" })).toBeHidden();
    await page.getByRole("button", { name: "Turn on" }).click();
    await page.getByLabel("Comment").fill("Again");
    await page.getByRole("dialog").getByRole("button", { name: "Turn on" }).click();
    await expect(nav.getByRole("link", { name: "Naming" })).toBeVisible();
  });
});
