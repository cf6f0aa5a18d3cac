// A Lua table: a list part for the keys 1 to n, and the others in the order in which they were first set
// (gopher-lua: table.go, whose length is the last key of the list part that has a value).

import type { LuaValue } from './value.ts';

/** Told how many places were looked at; throws when it has been too many. */
export type Spend = (steps: number) => void;

interface Entry {
  value: LuaValue;
  readonly place: number;
}

export class LuaTable {
  readonly list: LuaValue[] = [];
  private readonly others = new Map<LuaValue, Entry>();
  /** The other keys by place. Those of removed values stay, so that a walk may remove what it meets. */
  private readonly keys: LuaValue[] = [];
  metatable: LuaTable | undefined;

  get(key: LuaValue): LuaValue {
    if (typeof key === 'number' && isListKey(key)) return this.list[key - 1];
    return this.others.get(key)?.value;
  }

  /** Sets without metatables. Returns how many places of memory that took. */
  set(key: LuaValue, value: LuaValue): number {
    if (typeof key === 'number' && isListKey(key)) return this.setInList(key - 1, value);
    const entry = this.others.get(key);
    if (entry) {
      entry.value = value;
      return 0;
    }
    if (value === undefined) return 0;
    this.others.set(key, { value, place: this.keys.length });
    this.keys.push(key);
    return 1;
  }

  /** Beyond its end the list is filled with nil: what that takes is known before it is done. */
  placesToSet(key: LuaValue): number {
    return typeof key === 'number' && isListKey(key) ? Math.max(0, key - this.list.length) : 1;
  }

  /** The last key of the list part that has a value. */
  length(spend: Spend): number {
    let length = this.list.length;
    while (length > 0 && this.list[length - 1] === undefined) length--;
    spend((this.list.length - length) >> 3);
    return length;
  }

  /** Key and value after `key`; of nil, the first. Nothing at the end, or where the key is none of this table. */
  next(key: LuaValue, spend: Spend): readonly [LuaValue, LuaValue] | undefined {
    const isListWalk = key === undefined || (typeof key === 'number' && isListKey(key));
    if (!isListWalk) {
      const entry = this.others.get(key);
      return entry && this.nextOther(entry.place + 1, spend);
    }
    const from = typeof key === 'number' ? key : 0;
    for (let index = from; index < this.list.length; index++) {
      const value = this.list[index];
      if (value === undefined) continue;
      spend((index - from) >> 3);
      return [index + 1, value];
    }
    spend(Math.max(0, this.list.length - from) >> 3);
    return this.nextOther(0, spend);
  }

  /** All pairs, in the order of `next`. */
  entries(): (readonly [LuaValue, LuaValue])[] {
    const pairs: (readonly [LuaValue, LuaValue])[] = [];
    this.list.forEach((value, index) => {
      if (value !== undefined) pairs.push([index + 1, value]);
    });
    for (const [key, { value }] of this.others) if (value !== undefined) pairs.push([key, value]);
    return pairs;
  }

  private setInList(index: number, value: LuaValue): number {
    const before = this.list.length;
    while (this.list.length < index) this.list.push(undefined);
    this.list[index] = value;
    return this.list.length - before;
  }

  private nextOther(from: number, spend: Spend): readonly [LuaValue, LuaValue] | undefined {
    for (let place = from; place < this.keys.length; place++) {
      const key = this.keys[place];
      const value = this.others.get(key)?.value;
      if (value === undefined) continue;
      spend((place - from) >> 3);
      return [key, value];
    }
    spend(Math.max(0, this.keys.length - from) >> 3);
    return undefined;
  }
}

function isListKey(key: number): boolean {
  return key >= 1 && key < 67_108_864 && Number.isInteger(key);
}
