import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../src/cli/pflag.ts';

const SPECS = {
  values: { kind: 'slice', short: 'f', help: '' },
  set: { kind: 'array', help: '' },
  namespace: { kind: 'string', short: 'n', help: '' },
  'include-crds': { kind: 'bool', help: '' },
  generate: { kind: 'bool', short: 'g', help: '' },
  'dry-run': { kind: 'string', bare: 'client', help: '' },
  timeout: { kind: 'duration', help: '' },
  labels: { kind: 'map', short: 'l', help: '' },
} as const;

describe('flags as pflag reads them', () => {
  it.each([
    [['-f', 'a,b', '--values=c', '-fd'], 'values', ['a', 'b', 'c', 'd']],
    [['-f', '"a,b",c'], 'values', ['a,b', 'c']],
    [['--set', 'a=1,b=2', '--set=c=3'], 'set', ['a=1,b=2', 'c=3']],
    [['-gnns'], 'namespace', ['ns']],
    [['-n=ns'], 'namespace', ['ns']],
    [['--dry-run', 'x'], 'dry-run', ['client']],
    [['--dry-run=server'], 'dry-run', ['server']],
  ])('%j gives %s %j', (args, name, expected) => {
    expect(parseFlags(SPECS, args).all(name)).toEqual(expected);
  });

  it('finds arguments between flags and takes everything behind -- as one', () => {
    const flags = parseFlags(SPECS, ['rel', '--include-crds', 'chart', '-', '--', '-n']);
    expect(flags.arguments).toEqual(['rel', 'chart', '-', '-n']);
    expect([flags.isSet('include-crds'), flags.isSet('generate')]).toEqual([true, false]);
    expect(parseFlags(SPECS, ['--include-crds=false']).isSet('include-crds')).toBe(false);
  });

  it.each([
    [['--foo'], 'unknown flag: --foo'],
    [['-Z'], "unknown shorthand flag: 'Z' in -Z"],
    [['--set'], 'flag needs an argument: --set'],
    [['-gf'], "flag needs an argument: 'f' in -f"],
    [
      ['--include-crds=x'],
      'invalid argument "x" for "--include-crds" flag: strconv.ParseBool: parsing "x": invalid syntax',
    ],
    [['--timeout', 'x'], 'invalid argument "x" for "--timeout" flag: time: invalid duration "x"'],
    [['--labels', 'x'], 'invalid argument "x" for "-l, --labels" flag: x must be formatted as key=value'],
    [['--=x'], 'bad flag syntax: --=x'],
  ])('refuses %j', (args, message) => {
    expect(() => parseFlags(SPECS, args)).toThrow(message);
  });
});
