// How long a person waits for a page, in Chromium on a throttled line and processor. Prints one JSON
// object. Each page is opened by a browser that has never seen the product, so nothing is cached.
//
//   node bench/measure.mjs http://demo.localhost:8080 'name=cookie' [rounds]
import { chromium } from "playwright-core";

const [origin, cookie = "", rounds = "5"] = process.argv.slice(2);

/** Lighthouse's phone, a phone on an ordinary line, and a laptop in an office. */
const DEVICES = {
  "slow phone": { width: 390, height: 844, latency: 150, mbit: 1.6, up: 0.75, cpu: 4 },
  phone: { width: 390, height: 844, latency: 60, mbit: 9, up: 1.5, cpu: 4 },
  laptop: { width: 1440, height: 900, latency: 28, mbit: 20, up: 10, cpu: 1 },
};

/** A page, when it is there, and what a person does first on it. */
const PAGES = [
  {
    path: "/pacing",
    there: "table tbody tr:nth-child(2)",
    keys: ["j", "j", "k"],
    click: "thead button",
  },
  { path: "/data/calendar", there: "[role=gridcell]", keys: ["Tab"], click: "[role=gridcell]" },
  { path: "/data/syncs", there: "table tbody a", keys: ["?", "Escape"], click: "main input" },
  { path: "/data/quality", there: "table tbody a", keys: ["?", "Escape"], click: "main input" },
];

const browser = await chromium.launch({
  executablePath: process.env.E2E_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

const results = [];
for (const [device, line] of Object.entries(DEVICES)) {
  for (const page of PAGES) {
    const visits = [];
    for (let round = 0; round < Number(rounds); round += 1) visits.push(await visit(line, page));
    const of = (key) => visits.map((one) => one[key]);
    results.push({
      device,
      page: page.path,
      lcp_ms: of("lcp"),
      fcp_ms: of("fcp"),
      there_ms: of("there"),
      inp_ms: of("inp"),
      cls: of("cls"),
      transferred_kb: of("kilobytes"),
      lcp_element: visits.at(-1).element,
    });
  }
}
await browser.close();
process.stdout.write(`${JSON.stringify({ devices: DEVICES, results })}\n`);

async function visit(line, { path, there, keys, click }) {
  const context = await browser.newContext({
    viewport: { width: line.width, height: line.height },
    isMobile: line.width < 500,
    hasTouch: line.width < 500,
    locale: "en-GB",
  });
  if (cookie !== "") {
    const [name, ...value] = cookie.split("=");
    await context.addCookies([{ name, value: value.join("="), url: origin }]);
  }
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: line.latency,
    downloadThroughput: (line.mbit * 1_000_000) / 8,
    uploadThroughput: (line.up * 1_000_000) / 8,
  });
  await client.send("Emulation.setCPUThrottlingRate", { rate: line.cpu });
  let bytes = 0;
  client.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.addInitScript(watch);
  await page.goto(origin + path);
  await page.locator(there).first().waitFor();
  const shown = await page.evaluate(() => performance.now());
  await page.waitForLoadState("networkidle");
  const kilobytes = Math.round(bytes / 1024);
  // An interaction ends the search for the largest paint, so it is read before.
  const { lcp, fcp, cls, element } = await page.evaluate(() => globalThis.seen);
  for (const key of keys) {
    await page.keyboard.press(key);
    await settle(page);
  }
  await page.locator(click).first().click();
  await settle(page);
  const inp = await page.evaluate(() => globalThis.seen.inp);
  await context.close();
  return { lcp, fcp, there: Math.round(shown), inp, cls, kilobytes, element };
}

/** Until the browser has painted what came of an interaction, and has reported it. */
function settle(page) {
  return page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200))),
  );
}

/** Runs in the page, before everything else. */
function watch() {
  const seen = { lcp: 0, fcp: 0, inp: 0, cls: 0, element: "" };
  globalThis.seen = seen;
  const observe = (type, see, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({
      type,
      buffered: true,
      ...more,
    });
  observe("largest-contentful-paint", (entry) => {
    seen.lcp = Math.round(entry.startTime);
    const { element } = entry;
    seen.element = element ? `${element.tagName} ${element.textContent?.slice(0, 40)}` : "gone";
  });
  observe("paint", (entry) => {
    if (entry.name === "first-contentful-paint") seen.fcp = Math.round(entry.startTime);
  });
  observe("layout-shift", (entry) => {
    if (!entry.hadRecentInput) seen.cls += entry.value;
  });
  // Without an id it is no interaction but, say, the pointer passing over.
  const interaction = (entry) => {
    if (entry.interactionId > 0) seen.inp = Math.max(seen.inp, Math.round(entry.duration));
  };
  observe("event", interaction, { durationThreshold: 16 });
}
