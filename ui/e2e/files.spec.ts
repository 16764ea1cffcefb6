// Delivered files: a connection and a pipeline for them, one that loads, one that is held up for a new
// name and let in, and one that is wrong and stays out, replayed or not.
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { signUp } from "./journey.ts";

const FILE = [
  "Tag;Advertiser Id;Campaign Id;Ad Group Id;Währung;Impressionen;Klicks;Ausgaben",
  "01.11.2026;adv-x1;c9;ag_1;EUR;1.234;7;1.012,50",
  "02.11.2026;adv-x1;c9;ag_1;EUR;1;0;3",
  ";;;;;1.235;7;1.015,50",
  "",
].join("\r\n");

const csv = (name: string, text: string) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(text),
});

test("files are described, delivered, held up and let in", async ({ page }) => {
  await signUp(page, "files");
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/data/connections`);

  await test.step("a connection to deliver to", async () => {
    await page.getByRole("button", { name: "Deliver files" }).click();
    await expectAccessible(page, "new connection for files");
    await page.getByLabel("Name").fill("The Trade Desk");
    await page.getByRole("button", { name: "Create connection" }).click();
    await expect(page.getByRole("heading", { name: "No file can be read yet" })).toBeVisible();
    await expectAccessible(page, "connection for files, first use");
  });
  const connection = page.url();

  await test.step("a pipeline from an example, tried on it", async () => {
    await page.getByRole("link", { name: "Describe a file" }).click();
    await page.getByLabel("Title").fill("TTD days");
    await page.getByLabel("Platform").fill("ttd");
    await page.getByLabel("Example file").setInputFiles(csv("ttd_2026-11-23.csv", FILE));
    await expect(page.getByText(/^8 columns/)).toBeVisible();
    await expectAccessible(page, "describe a file");
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByText("No problems")).toBeVisible();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(page.getByText("Would be loaded")).toBeVisible();
    await expect(page.getByText("The file's own totals agree with its rows.")).toBeVisible();
    await expectAccessible(page, "new pipeline");
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Turn on" }).click();
    await expect(page.getByRole("button", { name: "Turn off" })).toBeVisible();
  });

  await test.step("files: one loads, two are kept aside, one is refused", async () => {
    await page.goto(connection);
    await page
      .getByLabel("Files to deliver")
      .setInputFiles([
        csv("ttd_right.csv", FILE),
        csv("ttd_renamed.csv", FILE.replace("Klicks", "Clicks")),
        csv("ttd_wrong.csv", FILE.replace("1.235;7", "1.235;8")),
        csv("other.csv", FILE),
      ]);
    const row = (name: string) => page.getByRole("row", { name });
    await expect(row("ttd_right.csv").getByText("Done")).toBeVisible();
    await expect(row("ttd_renamed.csv").getByText("Quarantined")).toBeVisible();
    await expect(row("ttd_wrong.csv").getByText("Quarantined")).toBeVisible();
    await expect(page.getByText("No pipeline that is on takes a file of this name.")).toBeVisible();
    await expectAccessible(page, "delivered files");
  });

  await test.step("a new name is accepted, and the file loads", async () => {
    await page.getByRole("link", { name: "ttd_renamed.csv" }).click();
    await expectAccessible(page, "file in quarantine");
    await page.getByRole("button", { name: "Accept the new name and load" }).click();
    await page.waitForURL(/\/data\/syncs\//);
    await expectState(page, "Done");
    await page.goto(connection);
    await expect(
      page.getByRole("row", { name: "ttd_renamed.csv" }).getByText("Done"),
    ).toBeVisible();
  });

  await test.step("a file that is wrong stays out, replayed or not", async () => {
    await page.getByRole("link", { name: "ttd_wrong.csv" }).click();
    await expect(page.getByText(/The totals row says 8 for "Klicks"/)).toBeVisible();
    await page.getByRole("button", { name: "Replay" }).click();
    await page.waitForURL(/\/data\/syncs\//);
    await expectState(page, "Quarantined");
  });

  await test.step("who changed the pipeline, and how fresh its data is", async () => {
    await page.goto(`${origin}/data/pipelines/ttd_days`);
    const accepted = page.getByRole("row", { name: /"Clicks" is another name of klicks/ });
    await expect(accepted).toContainText("You");
    await page.goto(`${origin}/data/quality`);
    await expect(page.getByText("Nothing could be compared yet.")).toBeVisible();
    await expect(page.getByRole("row", { name: /adv-x1.*late/ })).toBeVisible();
    await expectAccessible(page, "quality");
  });
});

async function expectState(page: Page, word: string) {
  await expect(page.getByRole("main").getByText(word, { exact: true }).first()).toBeVisible();
}
