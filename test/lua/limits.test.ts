// What a script cannot do: run for ever, take all memory, or reach what is outside.

import { describe, expect, it } from 'vitest';
import { LuaLimitError } from '../../src/lua/error.ts';
import { readScript, runScript } from '../../src/lua/run.ts';

const run = (program: string, useOpenLibs = true) =>
  runScript(readScript(program), { useOpenLibs, now: () => new Date('2024-01-02T03:04:05Z') });

describe('a script ends at a bound', () => {
  it.each([
    ['that loops', 'while true do end'],
    ['that counts', 'for i = 1, math.huge do end'],
    ['that repeats', 'repeat until false'],
    ['that jumps back', '::again:: goto again'],
    ['that calls itself last', 'local function f() return f() end f()'],
    ['that catches its own end', 'while true do pcall(function() while true do end end) end'],
    ['that walks a table which grows', 'local t = {1} for i in pairs(t) do t[i + 1] = i end'],
    ['that backtracks', "string.find(string.rep('a', 200), string.rep('a*', 30) .. 'b')"],
    [
      'that looks for the end of a table with holes',
      'local t = {} t[1000000] = 1 t[1000000] = nil while #t == 0 do end',
    ],
    [
      'that walks removed keys',
      "local t = {} for i = 1, 50000 do t['k' .. i] = i t['k' .. i] = nil end while not next(t) do end",
    ],
    ['that doubles a text', "local s = 'x' while true do s = s .. s end"],
    ['that asks for a long text', "string.rep('x', 2 ^ 40)"],
    ['that formats a wide one', "while true do local s = string.format('%9999s', 'x') end"],
    ['that sets a far place', 'local t = {} t[60000000] = 1'],
    ['that fills a table', 'local t = {} for i = 1, math.huge do t[i] = {} end'],
    ['that makes functions', 'local t = {} for i = 1, math.huge do t[i] = function() return i end end'],
    ['that replaces text by longer text', "local s = 'x' while true do s = s:gsub('x', 'xx') end"],
    ['that reverses a long text', "local s = string.rep('x', 10000000) while true do s = s:reverse() end"],
  ])('%s', (_, program) => {
    expect(() => run(program)).toThrow(LuaLimitError);
  });

  it('with the message that Argo CD has after its second', () => {
    expect(() => run('local x = 1\nwhile true do\n  x = x + 1\nend')).toThrow(
      /^<string>:3: context deadline exceeded$/,
    );
  });

  it('of calls within calls as an error that it may catch', () => {
    expect(run('local function f() return 1 + f() end return pcall(f)')).toEqual([false, '<string>:1: stack overflow']);
  });

  it('of expressions within expressions, before anything runs', () => {
    expect(() => run(`return ${'('.repeat(500)}1${')'.repeat(500)}`)).toThrow('too deeply nested');
  });
});

describe('a script reaches nothing outside', () => {
  it('with the libraries: no files, no processes, no debugger', () => {
    const names = ['io', 'debug', 'coroutine', 'dofile', 'loadfile', 'os.execute', 'os.exit', 'os.getenv', 'os.remove'];
    expect(run(`return ${names.join(', ')}`)).toEqual(names.map(() => undefined));
  });

  it('without them: only the basic functions and table, and time by require', () => {
    expect(run('return string, math, os', false)).toEqual([undefined, undefined, undefined]);
    expect(run("return require('os').time(), table.concat({'a', 'b'})", false)).toEqual([1704164645, 'ab']);
    expect(() => run("return ('x'):upper()", false)).toThrow(
      "<string>:1: attempt to index a non-table object(string) with key 'upper'",
    );
  });

  it('of the next script: each has globals of its own', () => {
    run('leak = 1 string.upper = nil');
    expect(run("return leak, string.upper('a')")).toEqual([undefined, 'A']);
  });
});

describe('time', () => {
  it.each([
    ['os.time({year = 2024, month = 1, day = 2, hour = 3, min = 4, sec = 5})', 1704164645],
    ['os.time({year = 2024, month = 1, day = 2})', 1704196800],
    ['os.time()', 1704164645],
    ["os.date('!%Y-%m-%dT%H:%M:%S', 0)", '1970-01-01T00:00:00'],
    ["os.date('%A %d %B %Y %I:%M %p %z %%', 1704164645)", 'Tuesday 02 January 2024 03:04 AM +0000 %'],
    ["os.date('*t', 1704164645).wday", 3],
    ["os.date('%F')", '2024-01-02'],
  ])('%s', (expression, result) => {
    expect(run(`return ${expression}`)).toEqual([result]);
  });
});
