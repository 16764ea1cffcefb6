// Drives the simulator through /sim; everything shown is asked for again every two seconds.

import { faultForm, showFaults, showPeople } from "/sim/faults.js";
import { showTruth } from "/sim/truth.js";

export const $ = (id) => document.getElementById(id);

/** An element with properties and children; text never becomes markup. */
export function el(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function fail(message) {
  $("problem").hidden = !message;
  $("problem").textContent = message ?? "";
}

export async function ask(path, method = "GET", body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "content-type": "application/json" };
  }
  const answer = await fetch(path, options).catch(() => null);
  if (!answer) throw new Error("The simulator does not answer.");
  const text = await answer.text();
  if (!answer.ok) {
    let message = text;
    try {
      message = JSON.parse(text).error.message;
    } catch {}
    throw new Error(message || `It answered ${answer.status}.`);
  }
  return text ? JSON.parse(text) : null;
}

/** Does it, says so if it could not, and shows what came of it. */
export async function act(what) {
  try {
    await what();
    fail();
    await refresh(true);
  } catch (error) {
    fail(error.message);
  }
}

const change = (body) => act(() => ask("/sim/config", "POST", body));
export const number = (value) => new Intl.NumberFormat("en").format(value);
const moment = (text) => text.slice(0, 19).replace("T", " ");

const QUOTAS = {
  reports_per_day: "Bid Manager a day",
  reports_per_second: "Bid Manager a second",
  entities_per_minute: "Entities a minute",
  entities_per_minute_and_advertiser: "… and advertiser",
  runs_per_day_and_user: "Runs a day and person",
  reports_under_way_per_user: "Reports at once",
};
const WINDOWS = {
  reports_day: "reports_per_day",
  runs_day: "runs_per_day_and_user",
  entities_minute: "entities_per_minute",
};

let world = { advertisers: [], partners: [], users: [] };
let last = 0;

function table(id, heads, rows, nothing) {
  if (!rows.length) {
    $(id).replaceChildren(el("caption", { className: "empty" }, nothing));
    return;
  }
  const head = el("tr", {}, ...heads.map((text) => el("th", {}, text)));
  $(id).replaceChildren(el("thead", {}, head), el("tbody", {}, ...rows));
}

function showConfig(config) {
  $("now").textContent = moment(config.now) + (config.fixed ? " (date fixed)" : " UTC");
  const chip = (text, on) => el("span", { className: on ? "chip on" : "chip" }, text);
  const speed = config.fixed ? "date fixed" : config.speed === 1 ? "real speed" : `×${number(config.speed)}`;
  $("status").replaceChildren(
    chip(speed, config.speed !== 1 || config.fixed),
    chip(`${config.edits} edits`, config.edits > 0),
    chip(config.keeps_a_journal ? "keeps a journal" : "forgets when stopped", config.keeps_a_journal),
  );
  $("delays").textContent = `Reports wait ${config.knobs.report_delays_ms.map((ms) => ms / 1000).join(", ")} s.`;
  const used = config.used.filter(([window]) => WINDOWS[window]);
  $("used").replaceChildren(
    ...used.flatMap(([window, key, count]) => {
      const limit = config.quotas[WINDOWS[window]];
      const share = limit ? Math.min(100, (count / limit) * 100) : 0;
      const bar = el("i");
      bar.style.width = `${share}%`;
      const text = `${QUOTAS[WINDOWS[window]]}, ${key.slice(0, 24)}: ${number(count)} of ${limit ? number(limit) : "any"}`;
      return [el("div", { className: "quiet" }, text), el("div", { className: share < 100 ? "meter" : "meter full" }, bar)];
    }),
  );
  const form = $("quotas");
  if (!form.children.length) {
    const fields = Object.entries(QUOTAS).map(([name, label]) =>
      el("label", {}, label, el("input", { type: "number", min: 0, name, value: config.quotas[name] })),
    );
    form.append(...fields, el("span", { className: "quiet" }, "0 is no limit."), el("button", {}, "Set"));
    form.onsubmit = (event) => {
      event.preventDefault();
      const quotas = { refuse_with_403: config.quotas.refuse_with_403 };
      for (const name of Object.keys(QUOTAS)) quotas[name] = Number(form[name].value);
      change({ quotas });
    };
    $("waits").foreign.value = config.knobs.foreign_queries;
    $("waits").roster.checked = config.knobs.tokens_die_with_roster;
    $("clock").speed.value = String(config.speed);
  }
}

function edit(body) {
  return act(() => ask("/sim/edits", "POST", body));
}

function showWorld() {
  $("about").textContent = `${world.partners.length} partners, ${world.advertisers.length} advertisers, seed ${world.seed}`;
  const rows = world.advertisers.map((one) => {
    const archived = one.status === "archived";
    const status = el("span", { className: archived || one.deleted ? "warn" : "" }, one.deleted ? "deleted" : one.status);
    const id = one.advertiser_id;
    const toggle = el("button", { className: "plain small" }, archived ? "Take back" : "Archive");
    toggle.onclick = () => edit({ status: { id, status: archived ? "active" : "archived" } });
    const rename = el("button", { className: "plain small" }, "Rename");
    rename.onclick = () => {
      const name = prompt("New name", one.name);
      if (name) edit({ rename: { id, name } });
    };
    return el("tr", {},
      el("td", { className: "name" }, one.name),
      el("td", { className: "mono" }, id),
      el("td", {}, one.time_zone),
      el("td", {}, one.currency),
      el("td", {}, one.today),
      el("td", {}, `${one.insertion_orders} / ${one.line_items}`),
      el("td", {}, status),
      el("td", { className: "end" }, toggle, " ", rename),
    );
  });
  table("world", ["Name", "Id", "Time zone", "Currency", "Today", "Orders / items", "Status", ""], rows, "Nobody.");
  const options = world.advertisers.map((one) => el("option", { value: one.advertiser_id }, one.name));
  if ($("truth-of").length !== options.length) $("truth-of").replaceChildren(...options);
  const partners = world.partners.map((one) => el("option", { value: one.partner_id }, one.name));
  if (!$("advertiser").partner_id.length) $("advertiser").partner_id.replaceChildren(...partners);
}

function showReports(body) {
  const rows = body.reports.slice(-100).reverse().map((one) => {
    const odd = [one.fault, ...one.file].filter(Boolean).map((kind) => (typeof kind === "string" ? kind : Object.keys(kind)[0]));
    return el("tr", {},
      el("td", { className: "mono" }, one.report_id),
      el("td", { className: one.state === "FAILED" ? "bad" : "" }, one.state.toLowerCase()),
      el("td", {}, moment(one.made_at)),
      el("td", {}, one.range.range.toLowerCase().replaceAll("_", " ")),
      el("td", {}, one.scheduled ? "scheduled" : "by hand"),
      el("td", { className: "warn" }, odd.join(", ")),
    );
  });
  table("reports", ["Report", "State", "Made", "Range", "How", "Faults"], rows, "None yet.");
}

function showLog(body) {
  last = body.requests.at(-1)?.number ?? last;
  const rows = body.requests.map((one) =>
    el("tr", {},
      el("td", { className: "mono" }, moment(one.at).slice(5)),
      el("td", { className: `mono ${one.status >= 400 ? "bad" : ""}` }, String(one.status)),
      el("td", { className: "mono" }, `${one.method} ${one.path}`),
      el("td", { className: "end" }, `${one.took_ms} ms`),
    ),
  );
  const body_of = $("log").tBodies[0];
  if (!body_of) return table("log", ["At", "Status", "Request", "Took"], rows.reverse(), "None yet.");
  body_of.prepend(...rows.reverse());
  while (body_of.rows.length > 300) body_of.lastChild.remove();
}

let round = 0;
export async function refresh(all = false) {
  showConfig(await ask("/sim/config"));
  if (all || round % 5 === 0) {
    world = await ask("/sim/world");
    showWorld();
    const faults = await ask("/sim/faults");
    showFaults(faults.faults, world);
    showPeople(faults.faults, world);
    await showTruth(world);
  }
  round += 1;
  showReports(await ask("/sim/reports"));
  showLog(await ask(`/sim/log?after=${last}`));
}

$("travel").onclick = (event) => {
  const seconds = Number(event.target.dataset.s);
  if (seconds) change({ advance_s: seconds });
};
$("real").onclick = () => change({ today: "real" });
$("expire").onclick = () => change({ expire_access_tokens: true });
$("truth-of").onchange = () => act(() => showTruth(world));
$("clock").onsubmit = (event) => {
  event.preventDefault();
  const { now, speed } = event.target;
  const travel = now.value ? { now: new Date(`${now.value}Z`).toISOString() } : {};
  change({ speed: Number(speed.value), ...travel });
};
$("waits").onsubmit = (event) => {
  event.preventDefault();
  const { delay, foreign, roster } = event.target;
  const waits = delay.value ? { report_delays_ms: delay.value.split(",").map(Number) } : {};
  change({ ...waits, foreign_queries: Number(foreign.value), tokens_die_with_roster: roster.checked });
};
$("advertiser").onsubmit = (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  edit({ advertiser: { ...given, line_items: Number(given.line_items) } });
};
faultForm(() => world);
await act(() => {});
setInterval(() => refresh().then(() => fail(), (error) => fail(error.message)), 2000);
