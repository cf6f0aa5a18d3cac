// Semantic versions and constraints as Helm, Sprig and Argo CD read them: Masterminds/semver v3.5.0, with its leniency
// (`v1.2` is a version), its operators and its error texts. node-semver differs in commas, `!=` and prereleases.

import { HawserError } from './errors.ts';

/** A version; the numbers are Go's uint64. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** Without the leading `-`; empty for a release. */
  readonly prerelease: string;
  /** Without the leading `+`; counts for nothing in comparisons. */
  readonly metadata: string;
  /** The text that was parsed. */
  readonly original: string;
}

/** A parsed constraint: groups of which one must hold (`||`), each of comparisons that must all hold. */
export interface Constraint {
  readonly groups: readonly ConstraintGroup[];
}

interface ConstraintGroup {
  readonly comparisons: readonly Comparison[];
  /** A comparison of the group names a prerelease, so that prereleases may satisfy the group. */
  readonly hasPrerelease: boolean;
}

interface Comparison {
  readonly operator: string;
  readonly version: Version;
  /** The version as written (`1.x`). */
  readonly written: string;
  /** A part is missing or a wildcard. */
  readonly dirty: boolean;
  readonly minorDirty: boolean;
  readonly patchDirty: boolean;
}

/** What is wrong with a version for a comparison; undefined where it holds. */
type Check = (version: Version, comparison: Comparison) => string | undefined;

const MAX_VERSION_BYTES = 256;
const MAX_CONSTRAINT_BYTES = 512;
const MAX_CONSTRAINT_GROUPS = 32;
const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;

const DOTTED = '([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*)';
const LOOSE_VERSION = new RegExp(`^v?([0-9]+)(\\.[0-9]+)?(\\.[0-9]+)?(-${DOTTED})?(\\+${DOTTED})?$`);

const SPACE = '[\\t\\n\\f\\r ]';
const PART = '[0-9|x|X|\\*]+';
const WRITTEN_VERSION = `v?(${PART})(\\.${PART})?(\\.${PART})?(-${DOTTED})?(\\+${DOTTED})?`;
const OPERATOR = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^';
const COMPARISON = new RegExp(`^${SPACE}*(${OPERATOR})${SPACE}*(${WRITTEN_VERSION})${SPACE}*$`);
const EACH_COMPARISON = new RegExp(`(${OPERATOR})${SPACE}*(${WRITTEN_VERSION})`, 'g');
const EACH_RANGE = new RegExp(`${SPACE}*(${WRITTEN_VERSION})${SPACE}+-${SPACE}+(${WRITTEN_VERSION})${SPACE}*`, 'g');
/** As OPERATOR, without the empty one: no space may be taken in two ways, since ways multiply (the library's RE2 does not mind). */
const SIGN = '=|!=|>|<|>=|=>|<=|=<|~|~>|\\^';
const COMPARED = `(?:(?:${SIGN})${SPACE}*)?${WRITTEN_VERSION}`;
const GROUP = new RegExp(`^${SPACE}*${COMPARED}(?:(?:${SPACE}+|${SPACE}*,${SPACE}*)${COMPARED})*${SPACE}*$`);

const CHECKS: Readonly<Record<string, Check>> = {
  '': checkTildeOrEqual,
  '=': checkTildeOrEqual,
  '!=': checkNotEqual,
  '>': checkGreater,
  '<': checkLess,
  '>=': checkGreaterOrEqual,
  '=>': checkGreaterOrEqual,
  '<=': checkLessOrEqual,
  '=<': checkLessOrEqual,
  '~': checkTilde,
  '~>': checkTilde,
  '^': checkCaret,
};

/**
 * Reads a version leniently: a leading `v`, missing minor and patch, and leading zeros are accepted (`semver.NewVersion`).
 * Throws InvalidInput with the library's text.
 */
export function parseVersion(text: string): Version {
  if (isLongerThan(text, MAX_VERSION_BYTES))
    throw invalid(`version string is too long (max ${MAX_VERSION_BYTES} bytes)`);
  const match = LOOSE_VERSION.exec(text);
  if (!match) throw invalid('invalid semantic version');
  const [, major = '', minor = '', patch = '', , prerelease = '', , , metadata = ''] = match;
  const version: Version = {
    major: parseSegment(major),
    minor: minor === '' ? 0n : parseSegment(minor.slice(1)),
    patch: patch === '' ? 0n : parseSegment(patch.slice(1)),
    prerelease,
    metadata,
    original: text,
  };
  if (prerelease !== '') checkPrerelease(prerelease);
  if (metadata !== '') checkMetadata(metadata);
  return version;
}

/** Reads a version that must be exactly one by semver.org (`semver.StrictNewVersion`). Throws InvalidInput with the library's text. */
export function parseStrictVersion(text: string): Version {
  if (text === '') throw invalid('version string empty');
  if (isLongerThan(text, MAX_VERSION_BYTES))
    throw invalid(`version string is too long (max ${MAX_VERSION_BYTES} bytes)`);
  const [major, minor, rest] = splitOnce(text, '.', 3);
  if (major === undefined || minor === undefined || rest === undefined) throw invalid('invalid semantic version');
  const [beforeMetadata = '', metadata = ''] = splitOnce(rest, '+', 2);
  if (rest.includes('+')) checkMetadata(metadata);
  const [patch = '', prerelease = ''] = splitOnce(beforeMetadata, '-', 2);
  if (beforeMetadata.includes('-')) checkPrerelease(prerelease);
  for (const part of [major, minor, patch]) {
    if (!/^[0-9]*$/.test(part)) throw invalid('invalid characters in version');
    if (part.length > 1 && part.startsWith('0')) throw invalid('version segment starts with 0');
  }
  const [first, second, third] = [major, minor, patch].map(parseUint);
  return { major: first ?? 0n, minor: second ?? 0n, patch: third ?? 0n, prerelease, metadata, original: text };
}

/** The version in full, without a leading `v`. */
export function formatVersion(version: Version): string {
  const { major, minor, patch, prerelease, metadata } = version;
  return `${major}.${minor}.${patch}${prerelease && `-${prerelease}`}${metadata && `+${metadata}`}`;
}

/** -1, 0 or 1; metadata counts for nothing, a prerelease comes before its release. */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  }
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === '') return 1;
  if (b.prerelease === '') return -1;
  return comparePrereleases(a.prerelease, b.prerelease);
}

/** The next version of that level (`IncMajor`, `IncMinor`, `IncPatch`): the patch of a prerelease is its own release. */
export function incrementVersion(version: Version, level: 'major' | 'minor' | 'patch'): Version {
  const step = level === 'patch' && version.prerelease !== '' ? 0n : 1n;
  if (version[level] + step > MAX_UINT64) throw invalid(`${level} version increment would overflow uint64`);
  return withOriginal(version, {
    major: level === 'major' ? version.major + 1n : version.major,
    minor: level === 'major' ? 0n : level === 'minor' ? version.minor + 1n : version.minor,
    patch: level === 'patch' ? version.patch + step : 0n,
    prerelease: '',
    metadata: '',
  });
}

/** The same version with another prerelease (`SetPrerelease`); throws InvalidInput where that is none. */
export function withPrerelease(version: Version, prerelease: string): Version {
  if (prerelease !== '') checkPrerelease(prerelease);
  return withOriginal(version, { ...version, prerelease });
}

/** The same version with other metadata (`SetMetadata`); throws InvalidInput where that is none. */
export function withMetadata(version: Version, metadata: string): Version {
  if (metadata !== '') checkMetadata(metadata);
  return withOriginal(version, { ...version, metadata });
}

/**
 * Reads a constraint: comparisons (`=`, `!=`, `>`, `<`, `>=`, `<=`, `~`, `^`) with spaces or commas between those that must all hold,
 * `||` between alternatives, wildcards (`1.x`) and ranges (`1.2 - 2.0`). Throws InvalidInput with the library's text.
 */
export function parseConstraint(text: string): Constraint {
  if (isLongerThan(text, MAX_CONSTRAINT_BYTES)) {
    throw invalid(`constraint string is too long (max ${MAX_CONSTRAINT_BYTES} bytes)`);
  }
  const alternatives = rewriteRanges(text).split('||');
  if (alternatives.length > MAX_CONSTRAINT_GROUPS) {
    throw invalid(`too many constraint groups (max ${MAX_CONSTRAINT_GROUPS})`);
  }
  return { groups: alternatives.map(parseGroup) };
}

/** True when `version` satisfies `constraint`. A prerelease satisfies only a group that itself names a prerelease. */
export function satisfies(version: Version, constraint: Constraint): boolean {
  return constraint.groups.some(({ comparisons, hasPrerelease }) =>
    comparisons.every((comparison) => failureOf(version, comparison, hasPrerelease) === undefined),
  );
}

/** Why `version` does not satisfy `constraint`, in the library's words (`Validate`); empty where it does. */
export function constraintFailures(version: Version, constraint: Constraint): readonly string[] {
  const failures: string[] = [];
  let toldPrerelease = false;
  for (const { comparisons, hasPrerelease } of constraint.groups) {
    let holds = true;
    for (const comparison of comparisons) {
      const failure = failureOf(version, comparison, hasPrerelease);
      if (failure === undefined) continue;
      holds = false;
      const isPrerelease = !hasPrerelease && version.prerelease !== '';
      if (!isPrerelease || !toldPrerelease) failures.push(failure);
      toldPrerelease ||= isPrerelease;
    }
    if (holds) return [];
  }
  return failures;
}

/** The constraint as the library prints it. */
export function formatConstraint(constraint: Constraint): string {
  return constraint.groups
    .map(({ comparisons }) => comparisons.map(({ operator, written }) => operator + written).join(' '))
    .join(' || ');
}

function invalid(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}

/** In bytes, of which a UTF-16 unit has three at most. */
function isLongerThan(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes;
}

/** Go's strings.SplitN. */
function splitOnce(text: string, separator: string, limit: 2 | 3): string[] {
  const parts = text.split(separator);
  return parts.length <= limit ? parts : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function parseSegment(digits: string): bigint {
  try {
    return parseUint(digits);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HawserError('InvalidInput', `error parsing version segment: ${reason}`, { cause });
  }
}

/** Go's strconv.ParseUint for text of digits alone. */
function parseUint(digits: string): bigint {
  if (digits === '') throw invalid('strconv.ParseUint: parsing "": invalid syntax');
  const value = BigInt(digits);
  if (value > MAX_UINT64) throw invalid(`strconv.ParseUint: parsing ${quote(digits)}: value out of range`);
  return value;
}

function checkPrerelease(prerelease: string): void {
  for (const part of prerelease.split('.')) {
    if (!/^[0-9A-Za-z-]+$/.test(part)) throw invalid('invalid prerelease string');
    if (/^0[0-9]+$/.test(part)) throw invalid('version segment starts with 0');
  }
}

function checkMetadata(metadata: string): void {
  if (!metadata.split('.').every((part) => /^[0-9A-Za-z-]+$/.test(part))) throw invalid('invalid metadata string');
}

function withOriginal(from: Version, parts: Omit<Version, 'original'>): Version {
  const next = { ...parts, original: '' };
  return { ...next, original: (from.original.startsWith('v') ? 'v' : '') + formatVersion(next) };
}

function comparePrereleases(a: string, b: string): -1 | 0 | 1 {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePrereleaseParts(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers come before words, and a part that is missing before all. */
function comparePrereleaseParts(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  if (a === '') return -1;
  if (b === '') return 1;
  const left = prereleaseNumber(a);
  const right = prereleaseNumber(b);
  if (left === undefined && right === undefined) return a > b ? 1 : -1;
  if (right === undefined) return -1;
  if (left === undefined) return 1;
  return left > right ? 1 : -1;
}

function prereleaseNumber(part: string): bigint | undefined {
  if (!/^[0-9]+$/.test(part)) return undefined;
  const value = BigInt(part);
  return value > MAX_UINT64 ? undefined : value;
}

/** `1.2 - 2.0` becomes `>= 1.2, <= 2.0`. */
function rewriteRanges(text: string): string {
  let rewritten = text;
  for (const match of text.matchAll(EACH_RANGE)) {
    rewritten = rewritten.replace(match[0], () => `>= ${match[1]}, <= ${match[11]} `);
  }
  return rewritten;
}

function parseGroup(text: string): ConstraintGroup {
  if (!GROUP.test(text)) throw invalid(`improper constraint: ${quote(text)}`);
  const comparisons = (text.match(EACH_COMPARISON) ?? [text]).map(parseComparison);
  return { comparisons, hasPrerelease: comparisons.some(({ version }) => version.prerelease !== '') };
}

function parseComparison(text: string): Comparison {
  const match = COMPARISON.exec(text);
  if (!match) throw invalid(`improper constraint: ${quote(text)}`);
  const [, operator = '', written = '', major = '', minor = '', patch = '', prerelease = ''] = match;
  const noMajor = isWildcard(major);
  const minorDirty = !noMajor && isWildcard(minor.slice(1));
  const patchDirty = !noMajor && !minorDirty && isWildcard(patch.slice(1));
  const full = noMajor
    ? `0.0.0${prerelease}`
    : minorDirty
      ? `${major}.0.0${prerelease}`
      : patchDirty
        ? `${major}${minor}.0${prerelease}`
        : written;
  const dirty = noMajor || minorDirty || patchDirty;
  return { operator, version: parseConstraintVersion(full), written, dirty, minorDirty, patchDirty };
}

function isWildcard(part: string): boolean {
  return part === '' || part === 'x' || part === 'X' || part === '*';
}

function parseConstraintVersion(text: string): Version {
  try {
    return parseVersion(text);
  } catch (cause) {
    throw new HawserError('InvalidInput', 'constraint parser error', { cause });
  }
}

function failureOf(version: Version, comparison: Comparison, withPrereleases: boolean): string | undefined {
  if (version.prerelease !== '' && !withPrereleases) {
    return `${shown(version)} is a prerelease version and the constraint is only looking for release versions`;
  }
  return CHECKS[comparison.operator]?.(version, comparison);
}

function checkNotEqual(version: Version, comparison: Comparison): string | undefined {
  const { version: limit, dirty, minorDirty, patchDirty } = comparison;
  const failure = `${shown(version)} is equal to ${quote(comparison.written)}`;
  if (dirty) {
    if (limit.major !== version.major) return undefined;
    if (limit.minor !== version.minor && !minorDirty) return undefined;
    if (minorDirty) return failure;
    if (limit.patch !== version.patch && !patchDirty) return undefined;
    if (patchDirty) {
      if (version.prerelease === '' && limit.prerelease === '') return failure;
      return comparePrereleases(version.prerelease, limit.prerelease) === 0 ? failure : undefined;
    }
  }
  return compareVersions(version, limit) === 0 ? failure : undefined;
}

function checkGreater(version: Version, comparison: Comparison): string | undefined {
  const { version: limit, dirty, minorDirty, patchDirty } = comparison;
  const failure = `${shown(version)} is less than or equal to ${quote(comparison.written)}`;
  if (dirty) {
    if (version.major !== limit.major) return version.major > limit.major ? undefined : failure;
    // `>11` wants 12, and `>11.1` wants 11.2.
    if (minorDirty) return failure;
    if (patchDirty) return version.minor > limit.minor ? undefined : failure;
  }
  return compareVersions(version, limit) > 0 ? undefined : failure;
}

function checkLess(version: Version, { version: limit, written }: Comparison): string | undefined {
  if (compareVersions(version, limit) < 0) return undefined;
  return `${shown(version)} is greater than or equal to ${quote(written)}`;
}

function checkGreaterOrEqual(version: Version, { version: limit, written }: Comparison): string | undefined {
  if (compareVersions(version, limit) >= 0) return undefined;
  return `${shown(version)} is less than ${quote(written)}`;
}

function checkLessOrEqual(version: Version, comparison: Comparison): string | undefined {
  const { version: limit, dirty, minorDirty } = comparison;
  const failure = `${shown(version)} is greater than ${quote(comparison.written)}`;
  if (!dirty) return compareVersions(version, limit) <= 0 ? undefined : failure;
  if (version.major > limit.major) return failure;
  return version.major === limit.major && version.minor > limit.minor && !minorDirty ? failure : undefined;
}

function checkTilde(version: Version, comparison: Comparison): string | undefined {
  const { version: limit, written, minorDirty, patchDirty } = comparison;
  if (compareVersions(version, limit) < 0) return `${shown(version)} is less than ${quote(written)}`;
  // ~0.0.0 accepts everything.
  const isZero = limit.major === 0n && limit.minor === 0n && limit.patch === 0n;
  if (isZero && !minorDirty && !patchDirty) return undefined;
  if (version.major !== limit.major) return `${shown(version)} does not have same major version as ${quote(written)}`;
  if (version.minor !== limit.minor && !minorDirty) {
    return `${shown(version)} does not have same major and minor version as ${quote(written)}`;
  }
  return undefined;
}

/** A wildcard makes it a tilde; otherwise it is plain equality. */
function checkTildeOrEqual(version: Version, comparison: Comparison): string | undefined {
  if (comparison.dirty) return checkTilde(version, comparison);
  if (compareVersions(version, comparison.version) === 0) return undefined;
  return `${shown(version)} is not equal to ${quote(comparison.written)}`;
}

function checkCaret(version: Version, comparison: Comparison): string | undefined {
  const { version: limit, written, minorDirty, patchDirty } = comparison;
  if (compareVersions(version, limit) < 0) return `${shown(version)} is less than ${quote(written)}`;
  const otherMajor = `${shown(version)} does not have same major version as ${quote(written)}`;
  if (limit.major > 0n || minorDirty) return version.major === limit.major ? undefined : otherMajor;
  if (version.major > 0n) return otherMajor;
  const otherMinor = `${shown(version)} does not have same minor version as ${quote(written)}`;
  if (limit.minor > 0n || patchDirty) {
    if (version.minor === limit.minor) return undefined;
    return `${otherMinor}. Expected minor versions to match when constraint major version is 0`;
  }
  if (version.minor > 0n) return otherMinor;
  if (limit.patch === version.patch) return undefined;
  return (
    `${shown(version)} does not equal ${quote(written)}. ` +
    'Expect version and constraint to equal when major and minor versions are 0'
  );
}

function shown(version: Version): string {
  return quote(formatVersion(version));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Go's `%q`. */
function quote(text: string): string {
  const escaped = text.replace(/["\\]|(?! )[\p{C}\p{Z}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    // A stray byte stands as a lone surrogate (render/go/value.ts).
    const isStray = code >= 0xdc80 && code <= 0xdcff;
    const hex = (isStray ? code - 0xdc00 : code).toString(16);
    const generic = code < 0x80 || isStray ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
    return ESCAPES[character] ?? (code > 0xffff ? `\\U${hex.padStart(8, '0')}` : generic);
  });
  return `"${escaped}"`;
}
