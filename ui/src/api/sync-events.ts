// A sync's progress as an async sequence: server-sent events while they work, polling when
// they do not. The first value is fetched, so that a missing sync fails like any other call.

export type Watch<T> = {
  url: string;
  fetchNow: () => Promise<T>;
  isRunning: (value: T) => boolean;
  signal: AbortSignal;
  pollMs?: number;
};

export async function* watchSync<T>(watch: Watch<T>): AsyncGenerator<T> {
  let latest = await watch.fetchNow();
  yield latest;
  if (watch.isRunning(latest)) {
    for await (const value of events(watch)) {
      latest = value;
      yield latest;
    }
  }
  // The stream broke or ended early, or its end says no more than that: ask until it is final.
  while (watch.isRunning(latest) && !watch.signal.aborted) {
    await pause(watch.pollMs ?? 2_000, watch.signal);
    if (watch.signal.aborted) return;
    latest = await watch.fetchNow();
    yield latest;
  }
}

/** Ends quietly on `end`, on a broken stream and on abort. */
async function* events<T>({ url, signal }: Watch<T>): AsyncGenerator<T> {
  if (typeof EventSource === "undefined") return;
  const source = new EventSource(url);
  const queue: T[] = [];
  let closed = false;
  let wake = () => {};
  const close = () => {
    closed = true;
    wake();
  };
  source.addEventListener("progress", (event: MessageEvent<string>) => {
    queue.push(JSON.parse(event.data) as T);
    wake();
  });
  source.addEventListener("end", close);
  source.addEventListener("error", close);
  signal.addEventListener("abort", close);
  try {
    while (true) {
      const next = queue.shift();
      if (next !== undefined) yield next;
      else if (closed) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    source.close();
    signal.removeEventListener("abort", close);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
