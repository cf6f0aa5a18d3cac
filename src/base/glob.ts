// Globs in the dialect of gobwas/glob, which Argo CD uses in project rules, directory filters and ignoreDifferences.
// Patterns come from users: matching takes time in proportion to pattern times text, whatever the pattern.

const CACHE_LIMIT = 512;
const compiled = new Map<string, Glob | undefined>();

export interface Glob {
  /** Whether the whole of `text` matches. */
  test(text: string): boolean;
}

/**
 * Whether `text` matches `pattern`: `*` (any run, not across `separator` where one is given), `**` (any run), `?`, `[abc]`, `[a-z]`,
 * `[!a]`, `{one,two}`, `\` escapes. A pattern that cannot be read matches nothing (Argo CD: `glob.Match` logs and says no).
 */
export function matchesGlob(pattern: string, text: string, separator = ''): boolean {
  const key = `${separator}\0${pattern}`;
  if (!compiled.has(key)) {
    if (compiled.size >= CACHE_LIMIT) compiled.clear();
    compiled.set(key, compileGlob(pattern, separator));
  }
  return compiled.get(key)?.test(text) ?? false;
}

/** A glob for repeated use, or undefined where the pattern cannot be read. */
export function compileGlob(pattern: string, separator = ''): Glob | undefined {
  if (pattern === '*' && separator === '') return { test: () => true };
  if (LITERAL.test(pattern)) return { test: (text) => text === pattern };
  const program = new Compiler(pattern, separator).compile();
  return program && { test: (text) => runProgram(program, text) };
}

const LITERAL = /^[\w.:/@ -]*$/;

/** One step: take a character that `accepts`, or go on at other steps without taking one. The end of the list is success. */
type Step = { readonly accepts: (code: number) => boolean } | { readonly goTo: number[] };

class Compiler {
  private readonly pattern: number[];
  private readonly separators: ReadonlySet<number>;
  private readonly steps: Step[] = [];
  private at = 0;

  constructor(pattern: string, separator: string) {
    this.pattern = codesOf(pattern);
    this.separators = new Set(codesOf(separator));
  }

  compile(): readonly Step[] | undefined {
    /** The open `{`, innermost last: where its alternatives begin, and the ends of those before the last. */
    const groups: { fork: { goTo: number[] }; ends: { goTo: number[] }[] }[] = [];
    while (this.at < this.pattern.length) {
      const code = this.pattern[this.at++] ?? 0;
      const group = groups[groups.length - 1];
      if (code === BACKSLASH) this.escaped();
      else if (code === STAR) this.star();
      else if (code === QUESTION) this.steps.push({ accepts: this.notSeparator() });
      else if (code === OPEN_BRACKET) {
        const accepts = this.characterClass();
        if (accepts === undefined) return undefined;
        this.steps.push({ accepts });
      } else if (code === OPEN_BRACE) {
        const fork = this.jump();
        fork.goTo.push(this.steps.length);
        groups.push({ fork, ends: [] });
      } else if (code === COMMA && group !== undefined) {
        group.ends.push(this.jump());
        group.fork.goTo.push(this.steps.length);
      } else if (code === CLOSE_BRACE && group !== undefined) {
        groups.pop();
        for (const end of group.ends) end.goTo.push(this.steps.length);
      } else this.literal(code);
    }
    // gobwas closes what is open at the end.
    for (const { ends } of groups) for (const end of ends) end.goTo.push(this.steps.length);
    return this.steps;
  }

  private jump(): { goTo: number[] } {
    const step = { goTo: [] };
    this.steps.push(step);
    return step;
  }

  private literal(code: number): void {
    this.steps.push({ accepts: (other) => other === code });
  }

  /** A backslash at the end means nothing. */
  private escaped(): void {
    const code = this.pattern[this.at++];
    if (code !== undefined) this.literal(code);
  }

  private star(): void {
    const isSuper = this.pattern[this.at] === STAR;
    while (this.pattern[this.at] === STAR) this.at++;
    const start = this.steps.length;
    this.jump().goTo.push(start + 1, start + 3);
    this.steps.push({ accepts: isSuper ? () => true : this.notSeparator() });
    this.jump().goTo.push(start);
  }

  private notSeparator(): (code: number) => boolean {
    const { separators } = this;
    return separators.size === 0 ? () => true : (code) => !separators.has(code);
  }

  /** `[abc]` or `[a-z]`, never both in one; with `!` in front, all others. */
  private characterClass(): ((code: number) => boolean) | undefined {
    const negated = this.pattern[this.at] === BANG;
    if (negated) this.at++;
    const members: number[] = [];
    let range = false;
    for (;;) {
      let code = this.pattern[this.at++];
      if (code === CLOSE_BRACKET) break;
      if (code === DASH && members.length === 1 && !range) {
        range = true;
        continue;
      }
      if (code === BACKSLASH) code = this.pattern[this.at++];
      if (code === undefined) return undefined;
      members.push(code);
    }
    if (members.length === 0) return undefined;
    if (!range) {
      const set = new Set(members);
      return (code) => set.has(code) !== negated;
    }
    const [low = 0, high, more] = members;
    if (high === undefined || more !== undefined || low > high) return undefined;
    return (code) => (code >= low && code <= high) !== negated;
  }
}

const BANG = 0x21;
const STAR = 0x2a;
const COMMA = 0x2c;
const DASH = 0x2d;
const QUESTION = 0x3f;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function codesOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** Follows all ways through the program at once. */
function runProgram(steps: readonly Step[], text: string): boolean {
  let places = new Set<number>();
  enter(steps, 0, places);
  for (const code of codesOf(text)) {
    const next = new Set<number>();
    for (const place of places) {
      const step = steps[place];
      if (step !== undefined && 'accepts' in step && step.accepts(code)) enter(steps, place + 1, next);
    }
    if (next.size === 0) return false;
    places = next;
  }
  return places.has(steps.length);
}

/** Adds a place and all that can be reached from it without taking a character. */
function enter(steps: readonly Step[], start: number, places: Set<number>): void {
  const waiting = [start];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (places.has(place)) continue;
    places.add(place);
    const step = steps[place];
    if (step !== undefined && 'goTo' in step) waiting.push(...step.goTo);
  }
}
