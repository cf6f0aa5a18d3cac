// The part of the os library that Argo CD lets scripts have: time and date (Argo CD: util/lua/oslib_safe.go). The zone is UTC.

import { addFunctions, type LibraryFunction } from './arguments.ts';
import type { Machine } from './machine.ts';
import { LuaTable } from './table.ts';

/** Without the other libraries only `require("os")` finds it. */
export function createOs(machine: Machine, now: () => Date): LuaTable {
  const library = new LuaTable();
  addFunctions(library, osFunctions(now), machine);
  return library;
}

export function osFunctions(now: () => Date): Readonly<Record<string, LibraryFunction>> {
  return {
    time: (args) => {
      if (args.count === 0) return [Math.floor(now().getTime() / 1000)];
      const table = args.table(1);
      const field = (name: string, otherwise: number) => {
        const value = table.get(name);
        return typeof value === 'number' ? Math.trunc(value) : otherwise;
      };
      const date = new Date(0);
      date.setUTCFullYear(field('year', -1), field('month', -1) - 1, field('day', -1));
      date.setUTCHours(field('hour', 12), field('min', 0), field('sec', 0));
      return [date.getTime() / 1000];
    },
    date: (args) => {
      const pattern = (args.count >= 1 ? args.text(1) : '%c').replace(/^!+/, '');
      const date = args.count >= 2 ? new Date(args.integer(2) * 1000) : now();
      if (!pattern.startsWith('*t')) return [formatDate(date, pattern)];
      const table = new LuaTable();
      const fields = {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        min: date.getUTCMinutes(),
        sec: date.getUTCSeconds(),
        wday: date.getUTCDay() + 1,
        // Not filled in by Argo CD either.
        yday: 0,
        isdst: false,
      };
      for (const [name, value] of Object.entries(fields)) table.set(name, value);
      return [table];
    },
  };
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** Argo CD's table of flags, its slips included: `%a` is the text `mon`, and `%x` is a time. */
function formatDate(date: Date, pattern: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [hour, minute, second] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  const [day, month, year] = [two(date.getUTCDate()), date.getUTCMonth(), date.getUTCFullYear()];
  const monthName = MONTHS[month] ?? '';
  const short = two(year % 100);
  const flags: Readonly<Record<string, string>> = {
    a: 'mon',
    A: DAYS[date.getUTCDay()] ?? '',
    b: monthName.slice(0, 3),
    B: monthName,
    c: `${day} ${monthName.slice(0, 3)} ${short} ${two(hour)}:${two(minute)} UTC`,
    d: day,
    F: `${year}-${two(month + 1)}-${day}`,
    H: two(hour),
    I: two(hour % 12 || 12),
    m: two(month + 1),
    M: two(minute),
    p: hour < 12 ? 'AM' : 'PM',
    P: hour < 12 ? 'am' : 'pm',
    S: two(second),
    x: `${two(hour)}/${two(minute)}/${two(second)}`,
    X: `${two(hour)}:${two(minute)}:${two(second)}`,
    y: short,
    Y: String(year),
    z: '+0000',
    Z: 'UTC',
    '%': '%',
  };
  return pattern.replaceAll(/%([\s\S])/g, (whole, flag: string) => {
    if (flag === 'w') return String(date.getUTCDay());
    return flags[flag] ?? whole;
  });
}
