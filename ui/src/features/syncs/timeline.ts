// Where each step of a sync stands on the line of its time.
export type Step = {
  step: string;
  started_at: string;
  finished_at?: string | null | undefined;
  calls: number;
  bytes: number;
  note?: string | null | undefined;
};
export type PlacedStep = Step & { seconds: number; left: number; width: number; running: boolean };
export type Timeline = { steps: PlacedStep[]; seconds: number; calls: number; bytes: number };

/** Percentages of the whole; `now` is where a running step ends for the moment. */
export function timelineOf(steps: readonly Step[], now: Date): Timeline {
  const ends = steps.map(({ finished_at }) => (finished_at ? Date.parse(finished_at) : +now));
  const start = Math.min(...steps.map(({ started_at }) => Date.parse(started_at)));
  const span = Math.max(1, Math.max(...ends, start) - start);
  const placed = steps.map((step, index) => {
    const began = Date.parse(step.started_at);
    const ms = Math.max(0, (ends[index] ?? began) - began);
    return {
      ...step,
      seconds: ms / 1000,
      left: ((began - start) / span) * 100,
      width: (ms / span) * 100,
      running: !step.finished_at,
    };
  });
  return {
    steps: placed,
    seconds: steps.length === 0 ? 0 : span / 1000,
    calls: sum(steps, (step) => step.calls),
    bytes: sum(steps, (step) => step.bytes),
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** The step that is under way, as far as it is known: it began when the last one ended. */
export function withCurrent(
  steps: readonly Step[],
  sync: { state: string; started_at?: string | null | undefined; created_at: string },
  running: boolean,
): Step[] {
  if (!running) return [...steps];
  const began = steps.at(-1)?.finished_at ?? sync.started_at ?? sync.created_at;
  return [...steps, { step: sync.state, started_at: began, calls: 0, bytes: 0 }];
}

const WORDS: Record<string, string> = {
  queued: "Queued",
  entities: "Read entities",
  requesting: "Ask for the report",
  waiting: "Wait for the report",
  downloading: "Download",
  loading: "Load",
  paused: "Paused",
};

/** Tolerant of a step that this version does not know yet. */
export function stepWord(step: string): string {
  return WORDS[step] ?? step.charAt(0).toUpperCase() + step.slice(1).replaceAll("_", " ");
}

/** Time that passes at the source, not in our work. */
export function isWaiting(step: string): boolean {
  return step === "waiting" || step === "queued" || step === "paused";
}
