// The functions of a template set by index, so that a call needs no look-up by name.

import type { GoMethod } from '../go/value.ts';

export class FunctionTable {
  private readonly indexes = new Map<string, number>();
  private readonly functions: readonly GoMethod[];
  /** A render calls with the same overrides again and again. */
  private latest: { overrides: object | undefined; functions: readonly GoMethod[] } = {
    overrides: undefined,
    functions: [],
  };
  private readonly overridden = new WeakMap<Readonly<Record<string, GoMethod>>, readonly GoMethod[]>();

  constructor(functions: Readonly<Record<string, GoMethod>>) {
    const entries = Object.entries(functions);
    entries.forEach(([name], index) => {
      this.indexes.set(name, index);
    });
    this.functions = entries.map(([, method]) => method);
  }

  indexOf(name: string): number | undefined {
    return this.indexes.get(name);
  }

  /** Whether the function at `index` executes templates. */
  descends(index: number): boolean {
    return this.functions[index]?.descend !== undefined;
  }

  /** The functions with some replaced. One object of overrides always means the same functions. */
  with(overrides: Readonly<Record<string, GoMethod>> | undefined): readonly GoMethod[] {
    if (!overrides) return this.functions;
    if (overrides === this.latest.overrides) return this.latest.functions;
    const functions = this.overridden.get(overrides) ?? this.replace(overrides);
    this.latest = { overrides, functions };
    return functions;
  }

  private replace(overrides: Readonly<Record<string, GoMethod>>): readonly GoMethod[] {
    const functions = [...this.functions];
    for (const [name, method] of Object.entries(overrides)) {
      const index = this.indexes.get(name);
      if (index !== undefined) functions[index] = method;
    }
    this.overridden.set(overrides, functions);
    return functions;
  }
}
