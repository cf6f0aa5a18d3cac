// Lua's patterns on bytes, as gopher-lua matches them (pm/pm.go): by trying, with a count of the tries.

/** Where a capture begins and ends; of a position capture `()`, the position from 1. */
export type Capture = { readonly start: number; readonly end: number } | { readonly position: number };

export interface Match {
  readonly start: number;
  readonly end: number;
  readonly captures: readonly Capture[];
}

export interface SearchOptions {
  readonly from?: number;
  /** At most so many matches. */
  readonly limit?: number;
  /** Told of every step; may throw to end the search. */
  readonly spend: (steps: number) => void;
}

type Accepts = (code: number) => boolean;

type Item =
  | { readonly kind: 'single'; readonly accepts: Accepts }
  | { readonly kind: 'repeat'; readonly accepts: Accepts; readonly times: '*' | '+' | '-' | '?' }
  | { readonly kind: 'open'; readonly capture: number }
  | { readonly kind: 'close'; readonly capture: number }
  | { readonly kind: 'position'; readonly capture: number }
  | { readonly kind: 'balance'; readonly open: number; readonly close: number }
  | { readonly kind: 'back'; readonly capture: number }
  | { readonly kind: 'end' };

interface Pattern {
  readonly items: readonly Item[];
  readonly isAnchored: boolean;
}

/** What is wrong with a pattern; the message is gopher-lua's. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** The matches of a pattern one after the other. Throws `PatternError`. */
export function findMatches(pattern: string, text: string, { from = 0, limit = -1, spend }: SearchOptions): Match[] {
  const parsed = new PatternReader(pattern).read();
  const matches: Match[] = [];
  for (let at = from; at <= text.length && matches.length !== limit; ) {
    const match = new Matcher(parsed.items, text, spend).match(at);
    at++;
    if (match) {
      matches.push(match);
      at = Math.max(at, match.end);
    }
    if (parsed.isAnchored) break;
  }
  return matches;
}

/** A capture as text; a position capture as its number. */
export function captured(text: string, capture: Capture): string | number {
  return 'position' in capture ? capture.position : text.slice(capture.start, capture.end);
}

class PatternReader {
  private readonly pattern: string;
  private at = 0;
  private captures = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  read(): Pattern {
    const isAnchored = this.pattern.startsWith('^');
    if (isAnchored) this.at++;
    const items = this.sequence(true);
    return { items, isAnchored };
  }

  private sequence(isTop: boolean): Item[] {
    const items: Item[] = [];
    while (this.at < this.pattern.length) {
      const char = this.pattern.charAt(this.at);
      if (char === ')') {
        if (isTop) throw new PatternError(`invalid ')' at ${this.at - 1}`);
        return items;
      }
      if (char === '(') items.push(...this.capture());
      else if (char === '$' && isTop && this.at === this.pattern.length - 1) {
        this.at++;
        items.push({ kind: 'end' });
      } else if (isRepeat(char)) {
        this.at++;
        const last = items.at(-1);
        if (last?.kind === 'single') items[items.length - 1] = { kind: 'repeat', accepts: last.accepts, times: char };
        else items.push({ kind: 'single', accepts: isChar(char) });
      } else if (char === '%') items.push(this.escape());
      else items.push({ kind: 'single', accepts: this.charClass() });
    }
    return items;
  }

  private capture(): Item[] {
    this.at++;
    const capture = this.captures++;
    if (this.pattern[this.at] === ')') {
      this.at++;
      return [{ kind: 'position', capture }];
    }
    const inner = this.sequence(false);
    if (this.pattern[this.at] !== ')') throw new PatternError('unfinished capture at EOS');
    this.at++;
    return [{ kind: 'open', capture }, ...inner, { kind: 'close', capture }];
  }

  private escape(): Item {
    const next = this.pattern[this.at + 1];
    if (next === '0') throw new PatternError(`invalid capture index at ${this.at}`);
    if (next !== undefined && /[1-9]/.test(next)) {
      this.at += 2;
      return { kind: 'back', capture: Number(next) - 1 };
    }
    if (next !== 'b') return { kind: 'single', accepts: this.charClass() };
    const open = this.pattern.charCodeAt(this.at + 2);
    const close = this.pattern.charCodeAt(this.at + 3);
    this.at += 4;
    return { kind: 'balance', open, close };
  }

  private charClass(): Accepts {
    const char = this.pattern.charAt(this.at++);
    if (char === '%') return this.namedClass();
    if (char === '.') return () => true;
    return char === '[' ? this.set() : isChar(char);
  }

  private namedClass(): Accepts {
    return namedClass(this.pattern[this.at++]);
  }

  /** `[a-z%d_]`, or with `^` in front all others. A `]` or `-` that comes first is itself. */
  private set(): Accepts {
    const isNegated = this.pattern[this.at] === '^';
    if (isNegated) this.at++;
    const members: Accepts[] = [];
    let rangeFrom: string | undefined;
    let last: string | undefined;
    for (;;) {
      const char = this.pattern[this.at];
      if (char === undefined) throw new PatternError(`unexpected EOS at ${this.pattern.length - 1}`);
      this.at++;
      if (char === ']' && members.length > 0) break;
      if (char === '-' && members.length > 0 && rangeFrom === undefined) {
        rangeFrom = last ?? '';
        continue;
      }
      last = char === '%' ? undefined : char;
      const accepts = char === '%' ? this.namedClass() : isChar(char);
      if (rangeFrom === undefined) members.push(accepts);
      else members.splice(-1, 1, range(rangeFrom, last ?? ''));
      rangeFrom = undefined;
    }
    if (rangeFrom !== undefined) members.push(isChar('-'));
    return (code) => members.some((accepts) => accepts(code)) !== isNegated;
  }
}

class Matcher {
  private readonly items: readonly Item[];
  private readonly text: string;
  private readonly spend: (steps: number) => void;
  private readonly captures: (Capture | undefined)[] = [];

  constructor(items: readonly Item[], text: string, spend: (steps: number) => void) {
    this.items = items;
    this.text = text;
    this.spend = spend;
  }

  match(start: number): Match | undefined {
    const end = this.run(0, start);
    if (end === undefined) return undefined;
    return { start, end, captures: this.captures.filter((capture) => capture !== undefined) };
  }

  /** Where the items from `pc` on end when they begin at `at`. */
  private run(pc: number, at: number): number | undefined {
    let here = at;
    for (let next = pc; ; next++) {
      this.spend(1);
      const item = this.items[next];
      if (!item) return here;
      switch (item.kind) {
        case 'single':
          if (!this.accepts(item.accepts, here)) return undefined;
          here++;
          break;
        case 'repeat':
          return this.repeat(item.accepts, item.times, next + 1, here);
        case 'open':
          return this.withCapture(item.capture, { start: here, end: here }, next + 1, here);
        case 'close': {
          const open = this.captures[item.capture];
          const start = open && 'start' in open ? open.start : here;
          return this.withCapture(item.capture, { start, end: here }, next + 1, here);
        }
        case 'position':
          return this.withCapture(item.capture, { position: here + 1 }, next + 1, here);
        case 'balance': {
          const end = this.balance(item.open, item.close, here);
          if (end === undefined) return undefined;
          here = end;
          break;
        }
        case 'back': {
          const capture = this.captures[item.capture];
          if (!capture || !('start' in capture)) throw new PatternError('invalid capture index');
          const wanted = this.text.slice(capture.start, capture.end);
          this.spend(wanted.length);
          if (!this.text.startsWith(wanted, here)) return undefined;
          here += wanted.length;
          break;
        }
        case 'end':
          if (here < this.text.length) return undefined;
          break;
      }
    }
  }

  private accepts(accepts: Accepts, at: number): boolean {
    return at < this.text.length && accepts(this.text.charCodeAt(at));
  }

  private withCapture(index: number, capture: Capture, pc: number, at: number): number | undefined {
    const before = this.captures[index];
    this.captures[index] = capture;
    const end = this.run(pc, at);
    if (end === undefined) this.captures[index] = before;
    return end;
  }

  private repeat(accepts: Accepts, times: '*' | '+' | '-' | '?', pc: number, at: number): number | undefined {
    const least = times === '+' ? 1 : 0;
    const most = times === '?' ? 1 : Number.POSITIVE_INFINITY;
    let count = 0;
    if (times === '-') {
      for (;;) {
        const end = this.run(pc, at + count);
        if (end !== undefined) return end;
        if (!this.accepts(accepts, at + count)) return undefined;
        count++;
      }
    }
    while (count < most && this.accepts(accepts, at + count)) count++;
    this.spend(count);
    for (; count >= least; count--) {
      const end = this.run(pc, at + count);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  private balance(open: number, close: number, at: number): number | undefined {
    if (at >= this.text.length || this.text.charCodeAt(at) !== open) return undefined;
    let depth = 1;
    for (let here = at + 1; here < this.text.length; here++) {
      this.spend(1);
      const code = this.text.charCodeAt(here);
      if (code === close) depth--;
      if (depth === 0) return here + 1;
      if (code === open) depth++;
    }
    return undefined;
  }
}

function isRepeat(char: string): char is '*' | '+' | '-' | '?' {
  return char === '*' || char === '+' || char === '-' || char === '?';
}

function isChar(char: string): Accepts {
  const wanted = char.charCodeAt(0);
  return (code) => code === wanted;
}

/** A class of characters has no place in a range: such a range holds nothing. */
function range(from: string, to: string): Accepts {
  if (from === '' || to === '') return () => false;
  const [low, high] = [from.charCodeAt(0), to.charCodeAt(0)];
  return (code) => code >= low && code <= high;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  c: /[\0-\x1f\x7f]/,
  d: /[0-9]/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[ \f\n\r\t\v]/,
  u: /[A-Z]/,
  w: /[0-9A-Za-z]/,
  x: /[0-9A-Fa-f]/,
  z: /\0/,
};

function namedClass(name: string | undefined): Accepts {
  if (name === undefined) return () => false;
  const pattern = CLASSES[name.toLowerCase()];
  if (!pattern || !/[A-Za-z]/.test(name)) return isChar(name);
  const isNegated = name !== name.toLowerCase();
  return (code) => pattern.test(String.fromCharCode(code)) !== isNegated;
}
