import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  constraintFailures,
  formatConstraint,
  formatVersion,
  incrementVersion,
  parseConstraint,
  parseStrictVersion,
  parseVersion,
  satisfies,
  withMetadata,
  withPrerelease,
} from '../../src/base/semver.ts';

describe('parseVersion', () => {
  it.each([
    ['1.2.3', '1.2.3'],
    ['v1.2', '1.2.0'],
    ['7', '7.0.0'],
    ['01.02.03', '1.2.3'],
    ['1.2.3-rc.1+build.5', '1.2.3-rc.1+build.5'],
    ['18446744073709551615.0.0', '18446744073709551615.0.0'],
  ])('reads %s as %s', (text, full) => {
    expect(formatVersion(parseVersion(text))).toBe(full);
  });

  it.each([
    ['', 'invalid semantic version'],
    ['1.2.3.4', 'invalid semantic version'],
    ['1.2.3-', 'invalid semantic version'],
    ['1.2.3-01', 'version segment starts with 0'],
    ['1'.repeat(257), 'version string is too long (max 256 bytes)'],
    [
      '99999999999999999999.1',
      'error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
    ],
  ])('refuses %s', (text, message) => {
    expect(() => parseVersion(text)).toThrow(message);
  });
});

describe('parseStrictVersion', () => {
  it.each([
    ['', 'version string empty'],
    ['1.2', 'invalid semantic version'],
    ['v1.2.3', 'invalid characters in version'],
    ['1.02.3', 'version segment starts with 0'],
    ['1.2.3-', 'invalid prerelease string'],
    ['1.2.3+a_b', 'invalid metadata string'],
    ['1.2.', 'strconv.ParseUint: parsing "": invalid syntax'],
  ])('refuses %j', (text, message) => {
    expect(() => parseStrictVersion(text)).toThrow(message);
  });

  it('accepts what semver.org does', () => {
    expect(formatVersion(parseStrictVersion('1.2.3-a.b-c+d.e'))).toBe('1.2.3-a.b-c+d.e');
  });
});

describe('compareVersions', () => {
  it('orders versions, prereleases before their release and numbers before words', () => {
    const ordered = ['1.0.0-1', '1.0.0-2', '1.0.0-10', '1.0.0-a', '1.0.0-a.1', '1.0.0-b', '1.0.0', '1.0.1', '1.10.0'];
    const shuffled = ordered.toReversed().map(parseVersion);
    expect(shuffled.toSorted(compareVersions).map(formatVersion)).toEqual(ordered);
  });

  it('ignores metadata', () => {
    expect(compareVersions(parseVersion('1.0.0+a'), parseVersion('1.0.0+b'))).toBe(0);
  });
});

describe('incrementVersion', () => {
  it.each([
    ['v1.2.3-rc+m', 'patch', 'v1.2.3'],
    ['1.2.3', 'patch', '1.2.4'],
    ['1.2.3', 'minor', '1.3.0'],
    ['1.2.3', 'major', '2.0.0'],
  ] as const)('takes %s by %s to %s', (text, level, next) => {
    expect(incrementVersion(parseVersion(text), level).original).toBe(next);
  });

  it('refuses to overflow', () => {
    const last = parseVersion('18446744073709551615.0.0');
    expect(() => incrementVersion(last, 'major')).toThrow('major version increment would overflow uint64');
  });
});

describe('withPrerelease and withMetadata', () => {
  it('replace one part and keep the leading v', () => {
    expect(withPrerelease(parseVersion('v1.2.3'), 'rc.1').original).toBe('v1.2.3-rc.1');
    expect(withMetadata(parseVersion('1.2.3'), 'x').original).toBe('1.2.3+x');
  });

  it('refuse what is no such part', () => {
    expect(() => withPrerelease(parseVersion('1.2.3'), 'a b')).toThrow('invalid prerelease string');
    expect(() => withMetadata(parseVersion('1.2.3'), 'a..b')).toThrow('invalid metadata string');
  });
});

describe('satisfies', () => {
  it.each([
    ['>=1.21', '1.21.0', true],
    ['>=1.21', '1.21.0-gke.1', false],
    ['>=1.21-0', '1.21.0-gke.1', true],
    ['>1.2, <2', '1.9.9', true],
    ['1.2 - 1.4.5', '1.4.5', true],
    ['1.2 - 1.4.5', '1.4.6', false],
    ['^0.2.3', '0.2.9', true],
    ['^0.2.3', '0.3.0', false],
    ['^0.0.3', '0.0.4', false],
    ['~1.2', '1.2.9', true],
    ['~1.2', '1.3.0', false],
    ['~>2', '2.9.0', true],
    ['!=1.2.x', '1.2.5', false],
    ['!=1.2.x', '1.3.5', true],
    ['>11', '11.9.0', false],
    ['<=1.2.x', '1.2.9', true],
    ['1.x || >=3 <4', '3.4.5', true],
    ['*', '9.9.9', true],
    ['*', '9.9.9-rc', false],
  ])('%s and %s: %s', (constraint, version, expected) => {
    expect(satisfies(parseVersion(version), parseConstraint(constraint))).toBe(expected);
  });

  it('tells why not', () => {
    expect(constraintFailures(parseVersion('3.0.0'), parseConstraint('<2 || ^1'))).toEqual([
      '"3.0.0" is greater than or equal to "2"',
      '"3.0.0" does not have same major version as "1"',
    ]);
  });
});

describe('parseConstraint', () => {
  it('prints as the library prints it', () => {
    expect(formatConstraint(parseConstraint('>= 1.2,<2||~3'))).toBe('>=1.2 <2 || ~3');
  });

  it.each([
    ['', 'improper constraint: ""'],
    ['>=foo', 'improper constraint: ">=foo"'],
    ['1\t\u0001', 'improper constraint: "1\\t\\x01"'],
    ['1 '.repeat(300), 'constraint string is too long (max 512 bytes)'],
    ['1||'.repeat(40), 'too many constraint groups (max 32)'],
    ['1|2', 'constraint parser error'],
  ])('refuses %j', (text, message) => {
    expect(() => parseConstraint(text)).toThrow(message);
  });
});
