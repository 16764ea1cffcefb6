// Ordering faults: for one advertiser or for everybody, and for people.

import { $, act, ask, el } from "/sim/page.js";

const header = { header: "Clicks" };

/** Every kind by its part; an object holds the values its kind begins with. */
const KINDS = {
  api: {
    resource_exhausted: 0, daily_limit_exceeded: 0, user_rate_limit_exceeded: 0, permission_denied: 0,
    unauthenticated: 0, not_found: 0, internal: 0, unavailable: 0, deadline_exceeded: 0, bad_gateway: 0,
    invalid_combination: 0, currency_missing: 0, range_too_long: 0, goal_without_order: 0,
    reset: 0, lost_answer: 0, slow: { ms: 2000 },
  },
  report: {
    failed: 0, done_without_path: 0, queued_forever: 0, running_forever: 0, expired_link: 0,
    delay: { ms: 60000 },
  },
  download: {
    cut_connection: { at: 500 }, cut_body: { at: 500 }, long_length: { by: 10 }, without_length: 0, gzip: 0,
    slow: { ms: 50 }, no_ranges: 0, expired: 0, unavailable: 0, html: 0, redirect: 0,
  },
  file: {
    bom: 0, crlf: 0, no_totals: 0, iso_dates: 0, shuffled_columns: 0, thousands: 0, dashes: 0, unknown: 0,
    extra_column: { header: "Video Views" }, renamed_header: { from: "Clicks", to: "Taps" },
    missing_column: header, retyped_column: header, censored: header, zero_column: header,
    blank_first_dimension: 0, wrong_totals: 0, wrong_dates: 0, wrong_groups: 0, no_footer: 0,
    duplicate_rows: { counted: false }, missing_days: { days: 1 }, missing_advertiser: 0,
    foreign_rows: 0, empty: 0,
    nul: 0, formula: 0, latin1: 0, long_line: { bytes: 1000000 }, many_columns: { count: 2000 }, html: 0,
  },
  page: { repeated_token: 0, token_refused: 0 },
};
const PARTS = {
  api: "API calls", report: "Reports", download: "Downloads", file: "Files", page: "Pages of lists",
};
const CALLS = [
  "create_query", "fetch_query", "list_queries", "delete_query", "run_query", "fetch_report",
  "list_reports", "entities",
];
const TOKENS = { unavailable: 0, html: 0, huge: 0, slow: { ms: 5000 }, redirect: 0 };

let current = [];

const words = (name) => name.replaceAll("_", " ");
const option = (value, text = words(value)) => el("option", { value }, text);

/** All faults of a scope as they stand; `null` is everybody. */
function faultsOf(id) {
  const found = current.find((one) => (id ? one.advertiser_id === id : one.everyone));
  return structuredClone((id ? found?.faults : found?.everyone) ?? {});
}

function order(id, faults) {
  const body = id ? { advertiser_id: id, faults } : { everyone: faults };
  return act(() => ask("/sim/faults", "PUT", body));
}

export function faultForm(world) {
  const form = $("fault");
  const select = (name, ...options) => el("select", { name }, ...options);
  const scope = select("scope", option("", "Everybody"));
  const part = select("part", ...Object.entries(PARTS).map(([name, text]) => option(name, text)));
  const kind = select("kind");
  const calls = select("on", option("", "every call"), ...CALLS.map((name) => option(name)));
  const values = el("input", { name: "values", autocomplete: "off", spellcheck: false });
  const rate = el("input", { name: "rate", type: "number", min: 0, max: 100, step: "any", value: 100 });
  const times = el("input", { name: "times", type: "number", min: 1, placeholder: "for ever" });
  const label = (text, field) => el("label", {}, text, field);
  const clear = el("button", { type: "button", className: "plain" }, "Clear all");
  form.append(
    label("Whose", scope), label("What", part), label("Kind", kind),
    label("Values", values), label("Of 100 chances", rate), label("Times", times),
    label("Calls", calls), el("button", {}, "Add fault"), clear,
  );
  const choose = () => {
    const given = KINDS[part.value][kind.value];
    values.disabled = !given;
    values.value = given ? JSON.stringify(given) : "";
    calls.disabled = part.value !== "api" && part.value !== "page";
  };
  part.onchange = () => {
    kind.replaceChildren(...Object.keys(KINDS[part.value]).map((name) => option(name)));
    choose();
  };
  kind.onchange = choose;
  part.onchange();
  scope.onfocus = () => {
    const chosen = scope.value;
    const all = world().advertisers.map((one) => option(one.advertiser_id, one.name));
    scope.replaceChildren(option("", "Everybody"), ...all);
    scope.value = chosen;
  };
  clear.onclick = () => act(() => ask("/sim/faults", "DELETE"));
  form.onsubmit = (event) => {
    event.preventDefault();
    act(async () => {
      const made = { rate: Number(rate.value) / 100 };
      made.kind = values.value ? { [kind.value]: JSON.parse(values.value) } : kind.value;
      if (times.value) made.times = Number(times.value);
      if (!calls.disabled && calls.value) made.on = [calls.value];
      const faults = faultsOf(scope.value);
      faults[part.value] = [...(faults[part.value] ?? []), made];
      await order(scope.value, faults);
    });
  };
}

export function showFaults(orders, world) {
  current = orders;
  const scopes = orders.filter((one) => one.faults || one.everyone);
  const items = scopes.flatMap((one) => {
    const id = one.advertiser_id ?? "";
    const whose = id ? (world.advertisers.find((other) => other.advertiser_id === id)?.name ?? id) : "Everybody";
    return Object.entries(one.faults ?? one.everyone).flatMap(([part, faults]) =>
      faults.map((fault, at) => {
        const kind = typeof fault.kind === "string" ? fault.kind : Object.keys(fault.kind)[0];
        const given = typeof fault.kind === "string" ? "" : ` ${JSON.stringify(fault.kind[kind])}`;
        const often = fault.times == null ? "for ever" : fault.times ? `${fault.times} more` : "worn out";
        const remove = el("button", { className: "plain small" }, "Remove");
        remove.onclick = () => {
          const left = faultsOf(id);
          left[part].splice(at, 1);
          order(id, left);
        };
        return el("div", { className: "item" },
          el("span", {}, el("strong", {}, words(kind)), given, ` – ${whose}`),
          el("span", { className: "chip" }, PARTS[part]),
          el("span", { className: "chip" }, `${+(fault.rate * 100).toFixed(3)} %`),
          el("span", { className: fault.times === 0 ? "chip" : "chip warn" }, often),
          ...(fault.on ?? []).map((call) => el("span", { className: "chip" }, words(call))),
          remove,
        );
      }),
    );
  });
  const nothing = el("p", { className: "quiet" }, "Nothing goes wrong on purpose.");
  $("faults").replaceChildren(...(items.length ? items : [nothing]));
}

export function showPeople(orders, world) {
  if ($("people").contains(document.activeElement)) return;
  const items = world.users.map((user) => {
    const found = orders.find((one) => one.user === user.email);
    const token = found?.token?.kind;
    const choice = el("select", { ariaLabel: `Grant of ${user.email}` },
      option("", "grant is good"), option("invalid_grant"),
      ...Object.keys(TOKENS).map((name) => option(name, `token endpoint: ${words(name)}`)),
      option("one_scope", "grants only entities"));
    const named = typeof token === "string" ? token : token && Object.keys(token)[0];
    choice.value = found?.invalid_grant ? "invalid_grant" : found?.scopes ? "one_scope" : (named ?? "");
    choice.onchange = () => {
      const body = { user: user.email };
      if (choice.value === "invalid_grant") body.invalid_grant = true;
      else if (choice.value === "one_scope") body.scopes = ["https://www.googleapis.com/auth/display-video"];
      else if (choice.value) body.token = { kind: TOKENS[choice.value] ? { [choice.value]: TOKENS[choice.value] } : choice.value };
      choice.blur();
      act(() => ask("/sim/faults", "PUT", body));
    };
    const seen = `${user.partners.length} of ${world.partners.length} partners`;
    return el("div", { className: "item" },
      el("span", {}, user.email, el("br"), el("span", { className: "quiet" }, seen)), choice);
  });
  $("people").replaceChildren(...items);
}
