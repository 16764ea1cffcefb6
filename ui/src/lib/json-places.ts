// Reads JSON as the editor needs it: where each value stands in the text, by JSON pointer, and
// where the text stops being JSON. The value itself is the same as JSON.parse would give.

export type Place = { line: number; start: number; end: number };
export type JsonFault = Place & { message: string };
export type JsonText =
  | { ok: true; value: unknown; places: ReadonlyMap<string, Place> }
  | { ok: false; fault: JsonFault };

const MAX_DEPTH = 64;
const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\n\r]|\\.)*"/y;
const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

class Fault extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

export function readJson(text: string): JsonText {
  const reader = new Reader(text);
  try {
    return { ok: true, value: reader.document(), places: reader.places };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    const start = Math.min(fault.at, text.length);
    const place = { line: lineAt(text, start), start, end: Math.min(start + 1, text.length) };
    return { ok: false, fault: { ...place, message: fault.message } };
  }
}

class Reader {
  readonly places = new Map<string, Place>();
  #at = 0;
  #line = 1;
  #counted = 0;

  constructor(readonly text: string) {}

  document(): unknown {
    const value = this.#value("", 0);
    this.#skip();
    if (this.#at < this.text.length) throw new Fault("nothing may follow the document", this.#at);
    return value;
  }

  #value(pointer: string, depth: number): unknown {
    this.#skip();
    if (depth > MAX_DEPTH) throw new Fault("this is nested too deeply", this.#at);
    const start = this.#at;
    const line = this.#lineHere();
    const next = this.text[start];
    const value =
      next === "{"
        ? this.#object(pointer, depth)
        : next === "["
          ? this.#array(pointer, depth)
          : next === '"'
            ? this.#string()
            : this.#literal();
    this.places.set(pointer, { line, start, end: this.#at });
    return value;
  }

  #object(pointer: string, depth: number): Record<string, unknown> {
    const found: [string, unknown][] = [];
    const seen = new Set<string>();
    this.#at += 1;
    for (let first = true; !this.#take("}"); first = false) {
      if (!first) this.#need(",", "a comma or }");
      this.#skip();
      const at = this.#at;
      if (this.text[at] !== '"') throw new Fault("a name in quotes is expected here", at);
      const key = this.#string();
      if (seen.has(key)) throw new Fault(`“${key}” stands twice in this object`, at);
      seen.add(key);
      this.#need(":", "a colon");
      found.push([key, this.#value(`${pointer}/${escapePointer(key)}`, depth + 1)]);
    }
    return Object.fromEntries(found);
  }

  #array(pointer: string, depth: number): unknown[] {
    const found: unknown[] = [];
    this.#at += 1;
    while (!this.#take("]")) {
      if (found.length > 0) this.#need(",", "a comma or ]");
      found.push(this.#value(`${pointer}/${found.length}`, depth + 1));
    }
    return found;
  }

  #string(): string {
    const raw = this.#match(STRING);
    if (raw === null) throw new Fault("this text has no closing quote", this.#at);
    try {
      return JSON.parse(raw) as string;
    } catch {
      throw new Fault("this text has a character that must be escaped", this.#at - raw.length);
    }
  }

  #literal(): unknown {
    const raw = this.#match(LITERAL);
    if (raw === null) throw new Fault("a value is expected here", this.#at);
    return JSON.parse(raw) as unknown;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.text) ?? [null];
    this.#at += found?.length ?? 0;
    return found;
  }

  #skip() {
    this.#match(SPACE);
  }

  #take(mark: string): boolean {
    this.#skip();
    if (this.text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #need(mark: string, what: string) {
    if (!this.#take(mark)) throw new Fault(`${what} is expected here`, this.#at);
  }

  /** Counts on from the last value, so that a long document is counted once. */
  #lineHere(): number {
    for (; this.#counted < this.#at; this.#counted += 1) {
      if (this.text[this.#counted] === "\n") this.#line += 1;
    }
    return this.#line;
  }
}

/** The place of a pointer, or of the nearest thing around it that is there. */
export function placeOf(places: ReadonlyMap<string, Place>, pointer: string): Place | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const place = places.get(at);
    if (place !== undefined || at === "") return place;
    if (!at.includes("/")) return places.get("");
  }
}

export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
