// Runs semver.jsonl and functions.jsonl of the corpus: what the real libraries answer, case by case.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../src/base/errors.ts';
import { at, isObject } from '../../../src/base/json.ts';
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
} from '../../../src/base/semver.ts';

export interface LayerResult {
  readonly layer: string;
  readonly cases: number;
  readonly passed: number;
  readonly failures: { id: string; message: string }[];
}

type Case = Readonly<Record<string, unknown>>;

/** Runs semver.jsonl; one result a group. */
export function runSemverLayer(corpusDir: string): LayerResult[] {
  const groups = new Map<string, Case[]>();
  for (const entry of readCases(join(corpusDir, 'gotemplate/semver.jsonl'))) {
    const group = textOf(entry, 'id').split('/')[1] ?? '';
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return [...groups].map(([group, cases]) => runCases(`semver/${group}`, cases, (entry) => runSemver(group, entry)));
}

/** The lines of a JSON Lines file. */
export function readCases(path: string): Case[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      if (!isObject(value)) throw new Error(`${path}: not an object: ${line}`);
      return value;
    });
}

/** Counts the cases for which `differenceOf` finds none. */
export function runCases(
  layer: string,
  cases: readonly Case[],
  differenceOf: (entry: Case) => string | undefined,
): LayerResult {
  const failures: { id: string; message: string }[] = [];
  for (const entry of cases) {
    const message = differenceOf(entry);
    if (message !== undefined) failures.push({ id: textOf(entry, 'id'), message });
  }
  return { layer, cases: cases.length, passed: cases.length - failures.length, failures };
}

export function textOf(entry: Case, ...path: string[]): string {
  const value = at(entry, ...path);
  return typeof value === 'string' ? value : '';
}

function runSemver(group: string, entry: Case): string | undefined {
  if (group === 'version') return difference(entry, ['version'], describeVersion(textOf(entry, 'version')));
  if (group === 'compare') {
    return difference(
      entry,
      ['a', 'b'],
      attempt(() => ({
        compare: compareVersions(parseVersion(textOf(entry, 'a')), parseVersion(textOf(entry, 'b'))),
      })),
    );
  }
  if (group === 'constraint') {
    return difference(
      entry,
      ['constraint'],
      attempt(() => ({
        string: formatConstraint(parseConstraint(textOf(entry, 'constraint'))),
      })),
    );
  }
  return difference(
    entry,
    ['constraint', 'version'],
    attempt(() => {
      const constraint = parseConstraint(textOf(entry, 'constraint'));
      const version = parseVersion(textOf(entry, 'version'));
      const messages = constraintFailures(version, constraint);
      return {
        check: satisfies(version, constraint),
        valid: messages.length === 0,
        ...(messages.length > 0 && { messages }),
      };
    }),
  );
}

function describeVersion(text: string): Record<string, unknown> {
  const strict = attempt(() => void parseStrictVersion(text));
  const strictError = 'error' in strict ? { strict_error: strict.error } : {};
  const lenient = attempt(() => {
    const version = parseVersion(text);
    return {
      string: formatVersion(version),
      original: version.original,
      major: String(version.major),
      minor: String(version.minor),
      patch: String(version.patch),
      prerelease: version.prerelease,
      metadata: version.metadata,
      incMajor: formatVersion(incrementVersion(version, 'major')),
      incMinor: formatVersion(incrementVersion(version, 'minor')),
      incPatch: formatVersion(incrementVersion(version, 'patch')),
    };
  });
  return { ...lenient, ...strictError };
}

function attempt(work: () => Record<string, unknown> | undefined): Record<string, unknown> {
  try {
    return work() ?? {};
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** How `actual` differs from the case's own fields, leaving out its inputs. */
function difference(entry: Case, inputs: readonly string[], actual: Record<string, unknown>): string | undefined {
  const expected = Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'id' && !inputs.includes(key)));
  const [wanted, got] = [expected, actual].map((value) => JSON.stringify(Object.entries(value).sort()));
  return wanted === got ? undefined : `wanted ${wanted}, got ${got}`;
}
