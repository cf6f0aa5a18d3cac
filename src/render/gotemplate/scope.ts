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
  /** What was declared before. */
  readonly outer: Entry | undefined;
}

/** `$` is the first variable of every template. */
export const ROOT_SLOT = 0;

/** How many places in `Frame.variables` a template has given out; more come as its blocks are compiled. */
export interface Places {
  used: number;
}

export class Scope {
  readonly places: Places;
  private latest: Entry | undefined;
  private conditions = 0;

  private constructor(places: Places, latest: Entry | undefined) {
    this.places = places;
    this.latest = latest;
  }

  /** The scope in which a template begins. */
  static root(): Scope {
    return new Scope({ used: ROOT_SLOT + 2 }, { name: '$', slot: ROOT_SLOT, conditional: false, outer: undefined });
  }

  /** The scope of a block that begins here: it knows what has been declared, and what it declares nobody else does. */
  fork(): Scope {
    return new Scope(this.places, this.latest);
  }

  /** A new variable. What reads it later goes through `resolve`. */
  addVariable(name: string): Binding {
    const slot = this.places.used;
    this.places.used += 2;
    this.latest = { name, slot, conditional: this.conditions > 0, outer: this.latest };
    return { slot, conditional: false, fallback: undefined };
  }

  /** The variable that `name` means here; undefined where Go would find none when it runs. */
  resolve(name: string): Binding | undefined {
    return resolveFrom(this.latest, name);
  }

  /** What `work` declares may not be declared when it runs; gives the slots concerned. */
  conditionally(work: () => void): number[] {
    const before = this.latest;
    this.conditions++;
    work();
    this.conditions--;
    const slots: number[] = [];
    for (let entry = this.latest; entry && entry !== before; entry = entry.outer) slots.push(entry.slot);
    return slots;
  }
}

function resolveFrom(latest: Entry | undefined, name: string): Binding | undefined {
  for (let entry = latest; entry; entry = entry.outer) {
    if (entry.name !== name) continue;
    const { slot, conditional, outer } = entry;
    return { slot, conditional, fallback: conditional ? resolveFrom(outer, name) : undefined };
  }
  return undefined;
}
