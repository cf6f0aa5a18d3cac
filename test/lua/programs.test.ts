// Programs and what they return: the answers are those of gopher-lua 1.1.1, which Argo CD runs.

import { describe, expect, it } from 'vitest';
import { fromBytes } from '../../src/lua/byte-text.ts';
import { readScript, runScript } from '../../src/lua/run.ts';
import type { LuaValue } from '../../src/lua/value.ts';

type Row = readonly [program: string, results: readonly (undefined | boolean | number | string)[]];

const PROGRAMS: readonly Row[] = [
  ['return 10 / 4, 10 / 2, 1/0, -1/0, 0/0', [2.5, 5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]],
  ["return '10' + 5, '0x10' + 0, 10 .. 20, 'a' .. 1.5", [15, 16, '1020', 'a1.5']],
  [
    'return 1e3, 1e20, 123456789.5, 0.1 + 0.2, 1e-7, 2^53, 2^63, 100000000000000',
    [
      1000, 100000000000000000000, 123456789.5, 0.30000000000000004, 1e-7, 9007199254740992, 9223372036854776000,
      100000000000000,
    ],
  ],
  ["return #'abc', #{1,2,3}, #{1,nil,3}, #{1,2,nil}, #{n=1}", [3, 3, 3, 2, 0]],
  ["return not nil, not 0, nil == false, 1 == 1.0, '1' == 1, {} == {}", [true, false, false, true, false, false]],
  ["return 1 < 2, 'a' < 'b', 'a' < 'B', 'a' <= 'a', 2 >= 3", [true, true, false, true, false]],
  ["return nil and 1, false or 'x', 1 and 2, nil or false", [undefined, 'x', 2, false]],
  ['local a, b, c = (function() return 1, 2, 3 end)() return a, b, c', [1, 2, 3]],
  ['local a, b = ((function() return 1, 2 end)()) return a, b', [1, undefined]],
  ['local t = {(function() return 1, 2 end)(), (function() return 1, 2 end)()} return #t', [3]],
  ["local function f(...) return select('#', ...), select(2, ...) end return f('a', 'b', nil)", [3, 'b', undefined]],
  ['local function f(...) local a, b = ... return b, a, ... end return f(1, 2)', [2, 1, 1, 2]],
  ["local t = {} for i = 1, 5 do t[i] = i * i end return table.concat(t, ',')", ['1,4,9,16,25']],
  ['local s = 0 for i = 10, 1, -3 do s = s + i end return s', [22]],
  ["local s = '' for k, v in ipairs({'a', 'b', nil, 'd'}) do s = s .. k .. v end return s", ['1a2b']],
  [
    "local s = '' for k, v in pairs({10, 20, x = 1, [30] = 2, y = 3}) do s = s .. tostring(k) .. '=' .. v .. ' ' end return s",
    ['1=10 2=20 30=2 x=1 y=3 '],
  ],
  [
    "local t = {} t.b = 1 t.a = 2 t.c = 3 t.a = nil t.d = 4 local s = '' for k in pairs(t) do s = s .. k end return s",
    ['bcd'],
  ],
  ['local t = {a=1,b=2,c=3} for k in pairs(t) do t[k] = nil end return next(t)', [undefined]],
  ['local i = 0 while true do i = i + 1 if i > 5 then break end end return i', [6]],
  ['local i = 0 repeat local j = i i = i + 1 until j >= 3 return i', [4]],
  [
    "for i = 1, 3 do for j = 1, 3 do if j == 2 then goto continue end if i == 2 then goto out end ::continue:: end end ::out:: return 'done'",
    ['done'],
  ],
  ["local s = '' for i = 1, 5 do if i % 2 == 0 then goto skip end s = s .. i ::skip:: end return s", ['135']],
  ['do local i = 1 ::top:: if i < 4 then i = i + 1 goto top end return i end', [4]],
  [
    'local fs = {} for i = 1, 3 do fs[i] = function() i = i + 10 return i end end return fs[1](), fs[1](), fs[2]()',
    [11, 21, 12],
  ],
  [
    'local function counter() local n = 0 return function() n = n + 1 return n end end local a, b = counter(), counter() return a(), a(), b()',
    [1, 2, 1],
  ],
  ['local x = 1 local function f() return x end x = 2 local x = 3 return f(), x', [2, 3]],
  [
    'local function fact(n) if n <= 1 then return 1 end return n * fact(n - 1) end return fact(20), fact(21)',
    [2432902008176640000, 51090942171709440000],
  ],
  ["local function loop(n) if n == 0 then return 'end' end return loop(n - 1) end return loop(10000)", ['end']],
  [
    'local t = {x = 5} function t:get(y) return self.x + y end function t.make(a) return a end return t:get(1), t.make(2)',
    [6, 2],
  ],
  [
    "local a = {b = {c = {}}} function a.b.c.f() return 'deep' end function a.b.c:g() return self == a.b.c end return a.b.c.f(), a.b.c:g()",
    ['deep', true],
  ],
  ['a, b = 1, 2 a, b = b, a return a, b, _G.a', [2, 1, 2]],
  ['local t = {1, 2} local i = 1 i, t[i] = i + 1, 20 return i, t[1], t[2]', [2, 20, 2]],
  [
    "return type(nil), type(1), type('a'), type({}), type(print), type(true)",
    ['nil', 'number', 'string', 'table', 'function', 'boolean'],
  ],
  [
    "return tostring(nil), tostring(true), tostring(12), tostring(1.5), tostring('x')",
    ['nil', 'true', '12', '1.5', 'x'],
  ],
  [
    "return tonumber('10'), tonumber(' 10 '), tonumber('1e2'), tonumber('1.5e2'), tonumber('0x1F'), tonumber('abc'), tonumber('10', 2), tonumber('zz', 36), tonumber('9', 8), tonumber(''), tonumber(nil)",
    [10, 10, undefined, 150, 31, undefined, 2, 1295, undefined, undefined, undefined],
  ],
  [
    "return tonumber('1.'), tonumber('.5'), tonumber('-7'), tonumber('+7'), tonumber('- 7'), tonumber({}), tonumber('1_0')",
    [1, 0.5, -7, 7, undefined, undefined, undefined],
  ],
  ["return pcall(function() error('x') end)", [false, '<string>:1: x']],
  ["return pcall(function() error('x', 0) end)", [false, 'x']],
  [
    "local function lower() error('deep', 2) end\nlocal function upper()\n lower()\nend\nreturn pcall(upper)",
    [false, '<string>:1: deep'],
  ],
  ['local ok, e = pcall(function() error({code = 5}) end) return ok, type(e), e.code', [false, 'table', 5]],
  [
    'return pcall(function() local x = nil; return x.y end)',
    [false, "<string>:1: attempt to index a non-table object(nil) with key 'y'"],
  ],
  [
    'return pcall(function() return 1 + nil end)',
    [false, '<string>:1: cannot perform add operation between number and nil'],
  ],
  [
    "return pcall(function() return {} .. 'x' end)",
    [false, '<string>:1: cannot perform concat operation between table and string'],
  ],
  ["return pcall(function() return 1 < 'x' end)", [false, '<string>:1: attempt to compare number with string']],
  ['return pcall(function() return nil > 1 end)', [false, '<string>:1: attempt to compare number with nil']],
  ['return pcall(function() return {} < {} end)', [false, '<string>:1: attempt to compare table with table']],
  ['return pcall(function() return nil <= 1 end)', [false, '<string>:1: attempt to compare nil with number']],
  ['return pcall(function() return #nil end)', [false, '<string>:1: __len undefined']],
  ['return pcall(function() return -{} end)', [false, '<string>:1: __unm undefined']],
  [
    'return pcall(function() local t = nil t.x = 1 end)',
    [false, "<string>:1: attempt to index a non-table object(nil) with key 'x'"],
  ],
  ['return pcall(function() undefined() end)', [false, '<string>:1: attempt to call a non-function object']],
  ['return pcall(function() local t = {} t[nil] = 1 end)', [false, '<string>:1: table index is nil']],
  ['return pcall(function() local t = {} t[0/0] = 1 end)', [false, '<string>:1: table index is NaN']],
  ["return pcall(function() for i = 1, 'x' do end end)", [false, '<string>:1: for statement limit must be a number']],
  ["return pcall(function() for i = 'x', 2 do end end)", [false, '<string>:1: for statement init must be a number']],
  ['return pcall(function() for i = 1, 2, {} do end end)', [false, '<string>:1: for statement step must be a number']],
  ['return pcall(5)', [false, 'attempt to call a number value']],
  ["return xpcall(function() error('x', 0) end, function(m) return m .. '!' end)", [false, 'x!']],
  ["return assert(1, 2), pcall(assert, false), pcall(assert, nil, 'why')", [1, false, false, '<string>:1: why']],
  ['return unpack({1, 2, 3}), unpack({1, 2, 3}, 2), unpack({1, 2, 3}, 2, 5)', [1, 2, 2, 3, undefined, undefined]],
  ['return next({}), next({5}), next({5}, 1), next({x = 1})', [undefined, 1, undefined, 'x', 1]],
  [
    "local t = setmetatable({}, {__index = function(t, k) return k .. '!' end}) return t.abc, rawget(t, 'abc')",
    ['abc!', undefined],
  ],
  ['local t = setmetatable({}, {__index = {x = 1}}) return t.x, t.y', [1, undefined]],
  [
    'local log = {} local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v * 2) end}) t.a = 5 t.a = 7 return t.a',
    [7],
  ],
  [
    "local mt = {__add = function(a, b) return 'add' end, __concat = function(a, b) return 'cat' end, __unm = function() return 'neg' end, __call = function(self, x) return x end, __tostring = function() return 'me' end, __eq = function() return true end, __lt = function() return true end, __le = function() return false end, __len = function() return 42 end} local t, u = setmetatable({}, mt), setmetatable({}, mt) return t + 1, 1 + t, t .. 'x', 'x' .. t, -t, t(9), tostring(t), t == u, t < u, t <= u, #t",
    ['add', 'add', 'cat', 'cat', 'neg', 9, 'me', true, true, false, 42],
  ],
  [
    "local t = setmetatable({}, {__metatable = 'locked'}) return getmetatable(t), pcall(setmetatable, t, {})",
    ['locked', false, '<string>:1: cannot change a protected metatable'],
  ],
  ['return pcall(setmetatable, nil, {})', [false, '<string>:1: cannot set metatable to a nil object.']],
  ["return getmetatable('').__index == string, ('x'):upper(), ('%d'):format(3)", [true, 'X', '3']],
  [
    "return table.concat({}), table.concat({1, 2, 3}), table.concat({1, 2, 3}, ', ', 2), table.concat({1, 2, 3}, ', ', 2, 3)",
    ['', '123', '2, 3', '2, 3'],
  ],
  [
    'return pcall(table.concat, {1, {}, 3})',
    [false, '<string>:1: invalid value (table) at index 2 in table for concat'],
  ],
  ["local t = {3, 1, 2} table.sort(t) return table.concat(t, ' ')", ['1 2 3']],
  ["local t = {3, 1, 2} table.sort(t, function(a, b) return a > b end) return table.concat(t, ' ')", ['3 2 1']],
  ["local t = {'b', 'a', 'C'} table.sort(t) return table.concat(t, ' ')", ['C a b']],
  ["return pcall(table.sort, {1, 'x', 2})", [false, '<string>:1: attempt to compare string with number']],
  [
    "local t = {1, 2, 3} table.insert(t, 4) table.insert(t, 1, 0) return table.concat(t, ' '), #t, table.remove(t), table.remove(t, 1), table.concat(t, ' ')",
    ['0 1 2 3 4', 5, 4, 0, '1 2 3'],
  ],
  ['local t = {} return table.remove(t), #t, table.getn({1, 2}), table.maxn({1, 2, nil, 4})', [undefined, 0, 2, 4]],
  ["local t = {1} table.insert(t, 5, 'x') return #t, t[5]", [5, 'x']],
  ['return pcall(table.insert, {})', [false, '<string>:1: wrong number of arguments']],
  [
    "return string.len('abc'), string.upper('aB'), string.lower('aB'), string.rep('ab', 3), string.rep('x', -1), string.reverse('abc')",
    [3, 'AB', 'ab', 'ababab', '', 'cba'],
  ],
  [
    "return string.sub('hello', 2, 4), ('hello'):sub(-3), ('hello'):sub(2), ('hello'):sub(-3, -2), ('hello'):sub(0), ('hello'):sub(10), ('hello'):sub(3, 2), ('hello'):sub(-100, 2)",
    ['ell', 'llo', 'ello', 'll', 'hello', '', '', 'he'],
  ],
  [
    "return string.byte('A'), string.byte('abc', 2), string.byte('abc', 1, 3), string.byte('abc', -1), string.char(72, 105)",
    [65, 98, 97, 99, 'Hi'],
  ],
  [
    "return string.find('hello world', 'wor'), string.find('hello', 'l+'), string.find('hello', 'xyz'), string.find('a.b', '.', 1, true), string.find('a.b', '%.'), string.find('abc', '', 2)",
    [7, 3, undefined, 2, 2, 1, 0],
  ],
  [
    "return string.find('hello', '(l)(l)'), string.find('hello', '()ll()'), string.find('hello', 'l', -2), string.find('', 'x')",
    [3, 3, 4, undefined],
  ],
  [
    "return string.match('2024-01-02T03:04:05Z', '(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)Z')",
    ['2024', '01', '02', '03', '04', '05'],
  ],
  [
    "return string.match('key = value', '^(%w+)%s*=%s*(%w+)$'), string.match('abc', 'b'), (string.match('abc', 'x'))",
    ['key', 'b', undefined],
  ],
  [
    "return string.match('[[x]]', '%[%[(.-)%]%]'), string.match('f(a(b)c)d', '%b()'), string.match('abcabc', '(a.)c%1')",
    ['x', '(a(b)c)', 'ab'],
  ],
  [
    "return string.match('hello', '.-l'), string.match('hello', '.*l'), string.match('hello', 'h?e'), string.match('  trim ', '^%s*(.-)%s*$')",
    ['hel', 'hell', 'he', 'trim'],
  ],
  [
    "return string.match('x-y', '[%w-]+'), string.match('a]b', '[]]'), string.match('a^b', '[%^]'), string.match('abc', '[^a]+'), string.match('a-z', '[a%-z]+')",
    ['x-y', ']', '^', 'bc', 'a-z'],
  ],
  [
    "return string.gsub('hello', 'l', 'L'), string.gsub('hello', 'l', 'L', 1), string.gsub('hello', '', '-')",
    ['heLLo', 'heLlo', '-h-e-l-l-o-', 6],
  ],
  [
    "return string.gsub('hello world', '(%w+)', '<%1>'), string.gsub('hello', '(h)(e)', '%2%1'), string.gsub('abc', '%w', '%0%0'), string.gsub('abc', 'b', '%%')",
    ['<hello> <world>', 'ehllo', 'aabbcc', 'a%c', 1],
  ],
  [
    "return string.gsub('hello world', '%w+', {hello = 'bye'}), string.gsub('abc', '%w', function(c) if c == 'b' then return 'X' end end)",
    ['bye world', 'aXc', 3],
  ],
  [
    "local s = '' for w in string.gmatch('one two  three', '%a+') do s = s .. w .. ';' end return s",
    ['one;two;three;'],
  ],
  ["local s = '' for k, v in string.gmatch('a=1, b=2', '(%w+)=(%w+)') do s = s .. k .. v end return s", ['a1b2']],
  ["return pcall(string.find, 'x', '(')", [false, '<string>:1: unfinished capture at EOS']],
  ["return pcall(string.find, 'x', '[a')", [false, '<string>:1: unexpected EOS at 1']],
  ["return pcall(string.find, 'x', 'a)')", [false, "<string>:1: invalid ')' at 0"]],
  ["return pcall(string.find, 'x', '%')", [true, undefined]],
  ["return pcall(string.match, 'x', '%1')", [false, '<string>:1: invalid capture index']],
  [
    "return string.format('%d %5d|%-5d|%05d', 3, 3, 3, 3), string.format('%s %q %%', 'a', 'b\"c'), string.format('%.2f %5.1f %g %e', 1.005, 2.25, 0.1, 12345.678)",
    ['3     3|3    |00003', 'a "b\\"c" %', '1.00   2.2 0.1 1.234568e+04'],
  ],
  [
    "return string.format('%x %X %o %c', 255, 255, 8, 65), string.format('%s %s %s', 1, 1.5, true), string.format('%d', 3.7), string.format('%i', 4)",
    ['ff FF 10 A', '1 1.5 true', '3', '4'],
  ],
  [
    "return string.format('%s', 'é'), #'é', ('é'):upper(), string.format('%5s', 'é'), ('é'):byte(1, -1), ('é'):reverse() == 'é'",
    ['é', 2, 'É', '    é', 195, false],
  ],
  [
    'return math.floor(3.7), math.ceil(3.2), math.abs(-3), math.max(1, 5, 3), math.min(4, 2), math.sqrt(16), math.pow(2, 10), math.fmod(7, 3), math.fmod(-7, 3), math.mod(-7, 3), math.huge, math.pi',
    [3, 4, 3, 5, 2, 4, 1024, 1, -1, 2, 1.7976931348623157e308, Math.PI],
  ],
  [
    'return math.modf(3.7), math.modf(-3.7), math.log10(1000), math.exp(0), math.frexp(8), math.ldexp(0.5, 4), math.deg(math.pi), math.rad(180)',
    [3, -3, 3, 1, 0.5, 8, 180, Math.PI],
  ],
  ["return pcall(math.max), pcall(math.floor, 'x'), math.floor('3.5')", [false, false, 3]],
  [
    "return loadstring('return 1 + 1')(), loadstring('x ='), pcall(loadstring('error(\"in\")'))",
    [2, undefined, false, '<string>:1: in'],
  ],
  ["local t = {[1] = 'a', [2] = 'b', [4] = 'd'} return #t", [4]],
  ['local t = {} t[1] = 1 t[3] = 3 return #t, t[2]', [3, undefined]],
  ['local t = {1, 2, 3} t[#t] = nil return #t, t[2]', [2, 2]],
  ["local t = {'x', y = 'y', 'z', [3] = 'three'} return t[1], t[2], t[3], t.y", ['x', 'z', 'three', 'y']],
  [
    "local t = {f = function() return 'f' end, ['a b'] = 1, [1.5] = 'frac', [true] = 't'} return t.f(), t['a b'], t[1.5], t[true]",
    ['f', 1, 'frac', 't'],
  ],
  ["return ('a'):rep(3), #('a'):rep(3), ('x').y", ['aaa', 3, undefined]],
  [
    "return 'a\\tb\\n\\65\\\\\\'\\\"', [[long\nstring]], [==[with ]] inside]==], 'line\\\ncontinued'",
    ['a\tb\nA\\\'"', 'long\nstring', 'with ]] inside', 'line\ncontinued'],
  ],
  ['-- comment\n--[[ long\ncomment ]] return --[==[ x ]==] 1', [1]],
  ['return 0x1f, .5, 3., 1e2, 1E-2, 0xA', [31, 0.5, 3, 100, 0.01, 10]],
  ['return', []],
  ["return table.getn({}), #'', ('')", [0, 0, '']],
  [
    'local t = {} for i = 1, 100 do t[#t + 1] = i end for i = 1, 50 do table.remove(t, 1) end return #t, t[1], t[50]',
    [50, 51, 100],
  ],
  [
    "local t = {10, 20, 30} for i, v in ipairs(t) do if v == 20 then table.remove(t, i) end end return table.concat(t, ' ')",
    ['10 30'],
  ],
  ['local s = 0 for _, v in pairs({1, 2, 3, a = 4, b = 5}) do s = s + v end return s', [15]],
  ["local function f(a, b, ...) return a, b, select('#', ...) end return f(1), f(1, 2, 3, 4)", [1, 1, 2, 2]],
  ['return (function(...) return {...} end)(1, nil, 3)[3], #{...}', [3, 0]],
  ["local f = function(x) return x * 2 end return f(f(2)), f '3', type(f)", [8, 6, 'function']],
  [
    "local t = setmetatable({}, {__index = function(_, k) error('no ' .. k, 0) end}) return pcall(function() return t.foo end)",
    [false, 'no foo'],
  ],
  ['return os ~= nil and os.time({year = 2024, month = 1, day = 2, hour = 3, min = 4, sec = 5})', [1704164645]],
  [
    "return string.find('abc', 'b', 10), string.find('abc', '$'), string.find('abc', '^'), string.gsub('abc', '$', 'X'), string.gsub('abc', '^', 'X')",
    [undefined, 4, 1, 'abcX', 'Xabc', 1],
  ],
  [
    "return string.match('abc123def', '%a+(%d+)%a+'), string.match('2', '^[+-]?%d+$'), string.match('a.b.c', '^(.*)%.(.-)$')",
    ['123', '2', 'a.b', 'c'],
  ],
  [
    "return string.gsub('  x  ', '^%s+', ''), string.gsub('a,b,,c', ',', ';'), string.gsub('x', '.', '%1'), pcall(string.gsub, 'x', '.', '%2')",
    ['x  ', 'a;b;;c', 'x', false, '<string>:1: invalid capture index'],
  ],
  ["return -'2', -2 ^ 2, not 1 == 2, 1 .. 2 == '12', 2 * 3 % 4, 'a' < 'b' == true", [-2, -4, false, true, 2, true]],
  ["return 1 or error('x'), nil and error('x')", [1, undefined]],
  ['local a = {} a.self = a return a.self.self == a', [true]],
  [
    'return tostring(-0), 0 == -0, 1/-0, 3 % math.huge, -3 % math.huge, 5 % 0',
    ['0', true, Number.NEGATIVE_INFINITY, 3, 1.7976931348623157e308, Number.NaN],
  ],
  [
    'return 2^1024, -2^1024, 1e308 * 10, math.floor(-3.5), math.floor(2^60)',
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -4, 1152921504606847000],
  ],
  [
    "local function va(...) local t = {n = select('#', ...), ...} return t.n, t[1], t[3] end return va(1, nil, 3)",
    [3, 1, 3],
  ],
  ["return string.format('%s %d', 'a')", ['a %!d(MISSING)']],
  ["return string.format('%5.1f', 'x')", ['%!f(string=    x)']],
  [
    "return string.format('%q', 'a\\nb'), string.format('%10.3s|', 'abcdef'), string.format('%+d % d', 5, 5), string.format('%#x', 255), string.format('%%')",
    ['"a\\nb"', '       abc|', '+5  5', '0xff', '%'],
  ],
  [
    "return string.format('%s %s', 'a', 'b', 'c'), string.format('100%'), string.format('%y', 1)",
    ['a b', '100%!(NOVERB)', '%!y(int64=1)'],
  ],
  ["return (os.date('%Y', 0)), os.date('!%H:%M:%S', 3661)", ['1970', '01:01:01']],
  ['return ... == nil', [true]],
  ["x = 5 return x, _G.x, _G['x']", [5, 5, 5]],
  ['local _ENV = {} return 1', [1]],
  ['return table.unpack', [undefined]],
  [';return 1', [1]],
  ['function f(a, ...) return a end return f(1)', [1]],
  ['for a, b, c in next, {1} do return a, b, c end', [1, 1, undefined]],
  ['repeat local x = 1 until x == 1 return x', [undefined]],
  ['return not not nil', [false]],
  ['return - - 2', [2]],
  ['return --2\n3', [3]],
  ['return 1 ..2', ['12']],
  ['return 08, 010', [8, 10]],
  ["return '\\x41'", ['x41']],
  ["return '\\300' == string.char(300 % 256)", [true]],
  ['if true then return 1 else return 2 end return 3', [1]],
  ['do return 1 end return 2', [1]],
  ['local a, a = 1, 2 return a', [2]],
  [
    'return tostring(1e15), tostring(123456789012), 1e21, 12345678901234567890',
    ['1000000000000000', '123456789012', 1e21, 12345678901234567000],
  ],
];

const FAILURES: readonly (readonly [program: string, message: string])[] = [
  ['local x <const> = 1', "<string> line:1(column:9) near '<':   syntax error\n"],
  ['return 1 +', '<string> at EOF:   syntax error\n'],
  ['x = = 1', "<string> line:1(column:5) near '=':   syntax error\n"],
  ['if x then', '<string> at EOF:   syntax error\n'],
  ['for i = 1 do end', "<string> line:1(column:12) near 'do':   syntax error\n"],
  ["return 'abc", '<string> at EOF:   unterminated string\n'],
  ['return [[abc', '<string> at EOF:   unterminated multiline string\n'],
  ['local function f() end end', "<string> line:1(column:26) near 'end':   syntax error\n"],
  ['break', 'compile error near line(1) <string>: no loop to break'],
  ['return 1 return 2', "<string> line:1(column:15) near 'return':   syntax error\n"],
  ['local t = {1, 2 3}', "<string> line:1(column:17) near '3':   syntax error\n"],
  ['f() = 1', "<string> line:1(column:5) near '=':   syntax error\n"],
  ['x', '<string> at EOF:   parse error\n'],
  [
    'local function f() return ... end',
    "compile error near line(1) <string>: cannot use '...' outside a vararg function",
  ],
  ['return 1 ~ 2', "<string> line:1(column:10) near '~':   Invalid '~' token\n"],
  ['return @', "<string> line:1(column:8) near '@':   Invalid token\n"],
  ['local a = 1\nlocal b = a.x.y\nreturn b', "<string>:2: attempt to index a non-table object(number) with key 'x'"],
  [
    "local obj = {}\n\nlocal s = 'a' ..\n  obj.name ..\n  'b'\nreturn s",
    '<string>:3: cannot perform concat operation between nil and string',
  ],
  ["return ('x'):bad()", '<string>:1: attempt to call a non-function object'],
  ['return 7 // 2', "<string> line:1(column:11) near '/':   syntax error\n"],
  ['string.rep()', '<string>:1: bad argument #1 to rep (string expected, got nil)'],
  ['table.insert(nil, 1)', '<string>:1: bad argument #1 to insert (table expected, got nil)'],
  ['local t = table t.concat(5)', '<string>:1: bad argument #1 to concat (table expected, got number)'],
  ["('x'):rep({})", '<string>:1: bad argument #2 to rep (number expected, got table)'],
  ['pairs(nil)', '<string>:1: bad argument #1 to pairs (table expected, got nil)'],
  ['for k in pairs(nil) do end', '<string>:1: bad argument #1 to pairs (table expected, got nil)'],
  ['for k in ipairs() do end', '<string>:1: bad argument #1 to ipairs (table expected, got nil)'],
  [
    'local x\nfor k, v in pairs(obj.missing) do end',
    "<string>:2: attempt to index a non-table object(nil) with key 'missing'",
  ],
  ['for _, c in ipairs(obj.status) do end', "<string>:1: attempt to index a non-table object(nil) with key 'status'"],
  ['tonumber()', '<string>:1: bad argument #1 to tonumber (value expected)'],
  ['setmetatable()', '<string>:1: cannot set metatable to a nil object.'],
  ['error()', '<string>:1: bad argument #1 to error (value expected)'],
  ['string.format()', '<string>:1: bad argument #1 to format (string expected, got nil)'],
  ['math.floor({})', '<string>:1: bad argument #1 to floor (number expected, got table)'],
  ['local t = {} t.x.y = 1', "<string>:1: attempt to index a non-table object(nil) with key 'y'"],
  ['obj.a.b()', "<string>:1: attempt to index a non-table object(nil) with key 'a'"],
  ['obj:foo()', "<string>:1: attempt to index a non-table object(nil) with key 'foo'"],
  ["local a = 'x' a()", '<string>:1: attempt to call a non-function object'],
  ["return ('x') .. nil", '<string>:1: cannot perform concat operation between string and nil'],
  ['return 1 .. {}', '<string>:1: cannot perform concat operation between number and table'],
  ['local t = {} t[1][2] = 3', "<string>:1: attempt to index a non-table object(nil) with key '2'"],
  ['return #5', '<string>:1: __len undefined'],
  ["return -'x'", '<string>:1: __unm undefined'],
  ['if nil > 1 then end', '<string>:1: attempt to compare number with nil'],
  ['local a = 5 return a.b', "<string>:1: attempt to index a non-table object(number) with key 'b'"],
  ["return ('a') < 1", '<string>:1: attempt to compare string with number'],
  ['return {} + 1', '<string>:1: cannot perform add operation between table and number'],
  ["return 'abc' + 1", '<string>:1: cannot perform add operation between string and number'],
  ['return 2 ^ {}', '<string>:1: cannot perform pow operation between number and table'],
  ["string.find('x', '[a')", '<string>:1: unexpected EOS at 1'],
  ["string.find('x', '(x')", '<string>:1: unfinished capture at EOS'],
  ["string.find('x', '[')", '<string>:1: unexpected EOS at 0'],
  ['load(1)', '<string>:1: bad argument #1 to load (function expected, got number)'],
  ['loadstring(nil)', '<string>:1: bad argument #1 to loadstring (string expected, got nil)'],
  ['select()', '<string>:1: bad argument #1 to select (number or string expected, got nil)'],
  ['unpack()', '<string>:1: bad argument #1 to unpack (table expected, got nil)'],
  ['next()', '<string>:1: bad argument #1 to next (table expected, got nil)'],
  ['rawset({})', '<string>:1: bad argument #2 to rawset (value expected)'],
  ['xpcall(1)', '<string>:1: bad argument #1 to xpcall (function expected, got number)'],
  ['pcall()', '<string>:1: bad argument #1 to pcall (value expected)'],
  ['assert()', '<string>:1: assertion failed!'],
  ['assert(false, {})', '<string>:1: bad argument #2 to assert (string expected, got table)'],
  ['getmetatable()', '<string>:1: bad argument #1 to getmetatable (value expected)'],
  ['local t = {}\nt.a = 1\nt.b.c = 2', "<string>:3: attempt to index a non-table object(nil) with key 'c'"],
  [
    'local function f()\n  local x = nil\n  return x.y\nend\n\nf()',
    "<string>:3: attempt to index a non-table object(nil) with key 'y'",
  ],
  ['local a =\n  obj.foo.bar', "<string>:2: attempt to index a non-table object(nil) with key 'foo'"],
  ["return {\n a = 1,\n b = nil .. 'x'\n}", '<string>:3: cannot perform concat operation between nil and string'],
  ['f(\n1,\n2)', '<string>:1: attempt to call a non-function object'],
  ['x =\n y.z', "<string>:2: attempt to index a non-table object(nil) with key 'z'"],
  ["local s = 'a'\n .. 'b'\n .. nil", '<string>:1: cannot perform concat operation between string and nil'],
  ["while 1 do error('in loop') end", '<string>:1: in loop'],
  ['local t = setmetatable({}, {__index = function(t, k) return t[k] end}) return t.x', '<string>:1: stack overflow'],
  ['return os.time(1)', '<string>:1: bad argument #1 to time (table expected, got number)'],
  ['return #arg', '<string>:1: __len undefined'],
  ['goto = 5', "<string> line:1(column:6) near '=':   syntax error\n"],
  ['return 1;;', "<string> line:1(column:10) near ';':   syntax error\n"],
  ['local x = {;}', "<string> line:1(column:12) near ';':   syntax error\n"],
  ['return (1, 2)', "<string> line:1(column:10) near ',':   syntax error\n"],
  ['a.b:c = 1', "<string> line:1(column:7) near '=':   syntax error\n"],
  ['function f(..., a) end', "<string> line:1(column:15) near ',':   syntax error\n"],
  ["return 'a' 'b'", "<string> line:1(column:14) near 'b':   syntax error\n"],
  ['f{1}', '<string>:1: attempt to call a non-function object'],
  ["f'x'", '<string>:1: attempt to call a non-function object'],
  ['local a <close> = 1', "<string> line:1(column:9) near '<':   syntax error\n"],
  ['return 1..2', "<string> line:1(column:11) near '.2':   syntax error\n"],
  ["return '\\'", '<string> at EOF:   unterminated string\n'],
  ['\n\n  return = 1', "<string> line:3(column:10) near '=':   syntax error\n"],
];

function run(program: string): readonly LuaValue[] {
  return runScript(readScript(program), { useOpenLibs: true, now: () => new Date(0) });
}

describe('a Lua program gives what it gives in Argo CD', () => {
  it.each(PROGRAMS)('%s', (program, results) => {
    const found = run(program).map((value) => (typeof value === 'string' ? fromBytes(value) : value));
    expect(found).toEqual(results);
  });
});

describe('a Lua program fails with the message that it has in Argo CD', () => {
  it.each(FAILURES)('%s', (program, message) => {
    expect(() => run(program)).toThrow(expect.objectContaining({ message }));
  });
});
