// What is served of the last two weeks, drawn into what is true.

import { $, ask, el, number } from "/sim/page.js";

export async function showTruth(world) {
  const one = world.advertisers.find((other) => other.advertiser_id === $("truth-of").value);
  if (!one) return;
  const to = new Date(`${one.today}T00:00:00Z`);
  const from = new Date(to - 13 * 86400e3).toISOString().slice(0, 10);
  const answer = await ask(`/sim/truth?advertiser=${one.advertiser_id}&from=${from}&to=${one.today}&beside=true`);
  const days = new Map();
  for (let at = Date.parse(from); at <= to; at += 86400e3) {
    days.set(new Date(at).toISOString().slice(0, 10), { truth: 0, served: 0, settled: true });
  }
  for (const row of answer.rows) {
    const day = days.get(row.date);
    day.truth += row.revenue_micros;
    day.served += row.served.revenue_micros;
    day.settled &&= row.settled;
  }
  const most = Math.max(1, ...[...days.values()].map((day) => Math.max(day.truth, day.served)));
  const bars = [...days].map(([date, day]) => {
    const bar = (value, className) => {
      const made = el("i", { className });
      made.style.height = `${(value / most) * 100}%`;
      return made;
    };
    const share = day.truth ? `${((day.served / day.truth) * 100).toFixed(2)} % of ${number(Math.round(day.truth / 1e6))} ${answer.currency}` : "nothing";
    return el("div", { className: day.settled ? "bar settled" : "bar", title: `${date}: ${share}` },
      el("div", {}, bar(day.truth, "truth"), bar(day.served, "served")), el("span", {}, date.slice(5)));
  });
  $("truth").replaceChildren(...bars);
  $("truth-note").textContent = `Revenue of 14 days in ${answer.currency}: wide what is true, narrow what is served, green once settled.`;
}
