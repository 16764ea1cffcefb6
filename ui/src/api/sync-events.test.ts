import { afterEach, expect, it, vi } from "vitest";
import { watchSync } from "./sync-events.ts";

type Value = { state: string };
const isRunning = (value: Value) => value.state !== "done";

/** An EventSource whose events the test decides. */
class FakeSource extends EventTarget {
  static last: FakeSource;
  closed = false;
  constructor(readonly url: string) {
    super();
    FakeSource.last = this;
  }
  close() {
    this.closed = true;
  }
  say(type: string, value?: Value) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(value) }));
  }
}

afterEach(() => vi.unstubAllGlobals());

function watch(answers: string[], signal = new AbortController().signal) {
  const fetchNow = vi.fn(async () => ({ state: answers.shift() ?? "done" }));
  return {
    fetchNow,
    values: watchSync({ url: "/events", fetchNow, isRunning, signal, pollMs: 1 }),
  };
}

it("a finished sync is fetched once and not followed", async () => {
  const { values, fetchNow } = watch(["done"]);
  expect(await all(values)).toEqual([{ state: "done" }]);
  expect(fetchNow).toHaveBeenCalledTimes(1);
});

it("events are followed to the end and the stream is closed", async () => {
  vi.stubGlobal("EventSource", FakeSource);
  const { values, fetchNow } = watch(["queued"]);
  expect((await values.next()).value).toEqual({ state: "queued" });
  const next = values.next();
  FakeSource.last.say("progress", { state: "loading" });
  expect((await next).value).toEqual({ state: "loading" });
  FakeSource.last.say("progress", { state: "done" });
  FakeSource.last.say("end", { state: "done" });
  expect((await values.next()).value).toEqual({ state: "done" });
  expect((await values.next()).done).toBe(true);
  expect(FakeSource.last.closed).toBe(true);
  expect(fetchNow).toHaveBeenCalledTimes(1);
});

it("a broken stream falls back to asking", async () => {
  vi.stubGlobal("EventSource", FakeSource);
  const { values } = watch(["queued", "loading", "done"]);
  await values.next();
  const next = values.next();
  FakeSource.last.dispatchEvent(new Event("error"));
  expect((await next).value).toEqual({ state: "loading" });
  expect((await values.next()).value).toEqual({ state: "done" });
  expect((await values.next()).done).toBe(true);
});

it("leaving the page ends it", async () => {
  vi.stubGlobal("EventSource", FakeSource);
  const abort = new AbortController();
  const { values } = watch(["queued"], abort.signal);
  await values.next();
  const next = values.next();
  abort.abort();
  expect((await next).done).toBe(true);
  expect(FakeSource.last.closed).toBe(true);
});

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}
