// JSON values into Lua and out of it (Argo CD: util/lua/lua.go, decodeValue; layeh.com/gopher-json for the way back).

import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import { fromBytes, toBytes } from './byte-text.ts';
import { LuaError } from './error.ts';
import { LuaTable } from './table.ts';
import { isTable, type LuaValue, typeOf } from './value.ts';

/** A table for an object or list; a null in a list is left out, as gopher-lua's Append does. */
export function toLua(value: unknown): LuaValue {
  if (typeof value === 'string') return toBytes(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) {
    const table = new LuaTable();
    for (const entry of value) {
      const made = toLua(entry);
      if (made !== undefined) table.list.push(made);
    }
    return table;
  }
  if (!isObject(value)) return undefined;
  const table = new LuaTable();
  for (const [key, entry] of Object.entries(value)) table.set(toBytes(key), toLua(entry));
  return table;
}

/** An empty table is a list. Throws `LuaError` for what JSON cannot say. */
export function fromLua(value: LuaValue, around: readonly LuaTable[] = []): Json {
  if (value === undefined) return null;
  if (typeof value === 'string') return fromBytes(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (!isTable(value)) throw plain(`cannot encode ${typeOf(value)} to JSON`);
  if (around.includes(value)) throw plain('cannot encode recursively nested tables to JSON');
  const entries = value.entries();
  const inner = [...around, value];
  if (entries.length === 0) return [];
  if (typeof entries[0]?.[0] === 'number') {
    entries.forEach(([key], index) => {
      if (typeof key !== 'number') throw plain('cannot encode mixed or invalid key types');
      if (key !== index + 1) throw plain('cannot encode sparse array');
    });
    return entries.map(([, entry]) => fromLua(entry, inner));
  }
  return Object.fromEntries(
    entries.map(([key, entry]) => {
      if (typeof key !== 'string') throw plain('cannot encode mixed or invalid key types');
      return [fromBytes(key), fromLua(entry, inner)];
    }),
  );
}

function plain(message: string): LuaError {
  return new LuaError(message, message);
}
