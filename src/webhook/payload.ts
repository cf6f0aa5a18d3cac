// Reads a payload into the types that a provider names, as strictly as Go's encoding/json does for Argo CD: null and what is missing
// are empty, a value of another type is an error.

import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { PushedCommit } from '../operation/push.ts';

/** Reads a value; `path` is where it stands, for the error. */
export type Reader<T> = (value: unknown, path: string) => T;

export const text: Reader<string> = (value, path) => {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw wrongType(value, path, 'a text');
  return value;
};

export const flag: Reader<boolean> = (value, path) => {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw wrongType(value, path, 'true or false');
  return value;
};

export function listOf<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw wrongType(value, path, 'a list');
    return value.map((one: unknown, index) => item(one, `${path}[${index}]`));
  };
}

export type Fields = Readonly<Record<string, Reader<unknown>>>;
export type RecordOf<F extends Fields> = { readonly [K in keyof F]: ReturnType<F[K]> };

/** An object of which these fields are read; others may be anything. */
export function record<const F extends Fields>(fields: F): Reader<RecordOf<F>> {
  return (value, path) => {
    if (value !== undefined && value !== null && !isObject(value)) throw wrongType(value, path, 'an object');
    const entries = Object.entries(fields).map(([key, read]) => [
      key,
      read(value?.[key], path === '' ? key : `${path}.${key}`),
    ]);
    return Object.fromEntries(entries) as RecordOf<F>; // Object.fromEntries knows no keys.
  };
}

/** undefined where the value is missing or null, as behind a pointer in Go. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, path) => (value === undefined || value === null ? undefined : reader(value, path));
}

/** The commits of a push, and the files of each. */
export const commits = listOf(
  optional(
    record({
      added: listOf(text),
      modified: listOf(text),
      removed: listOf(text),
      id: loose,
      message: loose,
      author: looseName,
    }),
  ),
);

/** What people read, and nothing depends on: of another type, it is as if it were missing. */
function loose(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function looseName(value: unknown): string {
  return isObject(value) ? loose(value.name) || loose(value.username) : '';
}

export function commitsOf(read: ReturnType<typeof commits>): readonly PushedCommit[] {
  return read.flatMap((commit) => {
    if (!commit || commit.id === '') return [];
    const { id, message, author } = commit;
    return [{ id, message, ...(author !== '' && { author }) }];
  });
}

export function filesOf(read: ReturnType<typeof commits>): readonly string[] {
  return [
    ...new Set(read.flatMap((commit) => (commit ? [...commit.modified, ...commit.added, ...commit.removed] : []))),
  ];
}

function wrongType(value: unknown, path: string, wanted: string): HawserError {
  const found = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
  return new HawserError('InvalidInput', `the webhook payload's ${path || 'JSON'} is ${found}, not ${wanted}`);
}
