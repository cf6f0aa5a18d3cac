// Where variables live. Go searches its stack of variables by name when it runs; here the place is known before.

export interface Binding {
  /** The index of the value in `Frame.variables`; the next one tells whether it is held as an interface{}. */
  readonly slot: number;
  /** It may not have been declared after all: it stands in an argument of `and` or `or` that may be skipped. */
  readonly conditional: boolean;
  /** Where to look then. */
  readonly fallback: Binding | undefined;
}

interface Entry {
  readonly name: string;
  readonly slot: number;
  readonly conditional: boolean;
}

/** `$` is the first variable of every template. */
export const ROOT_SLOT = 0;

export class Scope {
  private readonly entries: Entry[] = [{ name: '$', slot: ROOT_SLOT, conditional: false }];
  private used = 2;
  private conditions = 0;

  /** How many places have been given out. */
  get slots(): number {
    return this.used;
  }

  /** A new variable. What reads it later goes through `resolve`. */
  addVariable(name: string): Binding {
    const slot = this.used;
    this.used += 2;
    this.entries.push({ name, slot, conditional: this.conditions > 0 });
    return { slot, conditional: false, fallback: undefined };
  }

  /** The variable that `name` means here; undefined where Go would find none when it runs. */
  resolve(name: string): Binding | undefined {
    return this.resolveBelow(name, this.entries.length);
  }

  private resolveBelow(name: string, end: number): Binding | undefined {
    for (let i = end - 1; i >= 0; i--) {
      const entry = this.entries[i];
      if (entry?.name !== name) continue;
      const { slot, conditional } = entry;
      return { slot, conditional, fallback: conditional ? this.resolveBelow(name, i) : undefined };
    }
    return undefined;
  }

  mark(): number {
    return this.entries.length;
  }

  /** Forgets what was declared since the mark. */
  release(mark: number): void {
    this.entries.length = mark;
  }

  /** What `work` declares may not be declared when it runs; gives the slots concerned. */
  conditionally(work: () => void): number[] {
    const mark = this.mark();
    this.conditions++;
    work();
    this.conditions--;
    return this.entries.slice(mark).map((entry) => entry.slot);
  }
}
