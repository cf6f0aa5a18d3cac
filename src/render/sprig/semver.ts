// Sprig's functions of versions (Sprig v3.3.0: semver.go).

import { messageOf } from '../../base/errors.ts';
import {
  type Constraint,
  compareVersions,
  formatVersion,
  incrementVersion,
  parseConstraint,
  parseVersion,
  satisfies,
  type Version,
  withMetadata,
  withPrerelease,
} from '../../base/semver.ts';
import { utf8Encode } from '../go/strings.ts';
import { type GoMethod, GoNumber, GoOpaque, type GoValue, goInt } from '../go/value.ts';
import { type FunctionTable, fail, failNilDereference, goFunction } from './function.ts';

const POINTER = '*semver.Version';
const VALUE = 'semver.Version';

/** Constraints that are kept; charts ask the same few again and again. */
const KEPT_CONSTRAINTS = 200;

export function semverFunctions(): FunctionTable {
  const constraints = new Map<string, Constraint>();
  const constraintOf = (text: string) => {
    const known = constraints.get(text);
    if (known) return known;
    const parsed = parseConstraint(text);
    if (constraints.size >= KEPT_CONSTRAINTS) constraints.clear();
    constraints.set(text, parsed);
    return parsed;
  };
  return {
    semver: goFunction(['string'], POINTER, (text) => versionPointer(orFail(() => parseVersion(text)))),
    semverCompare: goFunction(['string', 'string'], 'bool', (constraint, version) => {
      const parsed = orFail(() => constraintOf(constraint));
      return satisfies(
        orFail(() => parseVersion(version)),
        parsed,
      );
    }),
  };
}

function orFail<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return fail(messageOf(error));
  }
}

/** A *semver.Version: it has all methods. */
function versionPointer(version: Version): GoOpaque {
  return new GoOpaque(POINTER, version, formatVersion(version), {
    ...valueMethods(version),
    ...pointerMethods(version),
  });
}

/** What a copy of a version is worth: Go copies none of its fields. */
export function zeroVersion(): GoOpaque {
  return versionPointer(parseVersion('0.0.0'));
}

export function isVersionPointer(value: GoValue): boolean {
  return value instanceof GoOpaque && value.type === POINTER;
}

/** A semver.Version, as the Inc methods return it. */
function versionValue(version: Version): GoOpaque {
  return new GoOpaque(VALUE, version, formatVersion(version), valueMethods(version));
}

function valueMethods(version: Version): Record<string, GoMethod> {
  const full = formatVersion(version);
  const returns = (result: string, value: () => GoValue): GoMethod => ({ params: [], result, call: value });
  return {
    String: returns('string', () => full),
    Major: returns('uint64', () => new GoNumber('uint64', version.major)),
    Minor: returns('uint64', () => new GoNumber('uint64', version.minor)),
    Patch: returns('uint64', () => new GoNumber('uint64', version.patch)),
    Prerelease: returns('string', () => version.prerelease),
    Metadata: returns('string', () => version.metadata),
    IncMajor: returns(VALUE, () => versionValue(orFail(() => incrementVersion(version, 'major')))),
    IncMinor: returns(VALUE, () => versionValue(orFail(() => incrementVersion(version, 'minor')))),
    IncPatch: returns(VALUE, () => versionValue(orFail(() => incrementVersion(version, 'patch')))),
    SetPrerelease: goFunction(['string'], VALUE, (text) => versionValue(orFail(() => withPrerelease(version, text)))),
    SetMetadata: goFunction(['string'], VALUE, (text) => versionValue(orFail(() => withMetadata(version, text)))),
    // Go's gives the JSON itself; here it is the value that JSON writes in its place (go/json.ts).
    MarshalJSON: returns('string', () => full),
    MarshalText: returns('[]uint8', () => utf8Encode(full)),
    Value: returns('driver.Value', () => full),
  };
}

function pointerMethods(version: Version): Record<string, GoMethod> {
  const compare = (result: string, answer: (order: number) => GoValue): GoMethod => ({
    params: [POINTER],
    result,
    call: (other) => answer(compareVersions(version, versionOf(other ?? null))),
  });
  return {
    Original: { params: [], result: 'string', call: () => version.original },
    Compare: compare('int', goInt),
    Equal: compare('bool', (order) => order === 0),
    LessThan: compare('bool', (order) => order < 0),
    LessThanEqual: compare('bool', (order) => order <= 0),
    GreaterThan: compare('bool', (order) => order > 0),
    GreaterThanEqual: compare('bool', (order) => order >= 0),
  };
}

function versionOf(value: GoValue): Version {
  if (value === null) failNilDereference();
  if (!(value instanceof GoOpaque) || !value.type.endsWith(VALUE)) fail('not a semver.Version');
  return parseVersion(value.text);
}
