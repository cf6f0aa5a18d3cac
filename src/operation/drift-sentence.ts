// What is said of drift, for people and for the record. Pure.

import type { Application } from '../application/types.ts';
import type { Touched } from './drift.ts';
import { nameOf, placeOf } from './drift-advice.ts';
import { type DriftEntry, shortenFields } from './drift-record.ts';
import type { Notice } from './notice.ts';
import { formatTime } from './road.ts';

const LONGEST_NAME = 200;
const MOST_PATHS = 3;

/** undefined where nobody is named. */
export function entryOf(
  { operation, writer }: Notice,
  { key, fields }: Touched,
  nowMs: number,
): DriftEntry | undefined {
  if (!writer || operation === 'CREATE') return undefined;
  return {
    at: formatTime(nowMs),
    by: writer.username.slice(0, LONGEST_NAME),
    ...(writer.manager && { manager: writer.manager.slice(0, LONGEST_NAME) }),
    operation,
    ...key,
    ...shortenFields(fields),
  };
}

/** `kim changed Deployment shop/web (/spec/replicas) at 2026-11-23T14:00:00Z; to keep that, change web in https://…` */
export function describeDrift(
  { at, by, operation, fields, moreFields = 0, ...key }: DriftEntry,
  app: Application,
): string {
  const paths = fields.map(({ path }) => path);
  const more = paths.length - MOST_PATHS + moreFields;
  const shown = [...paths.slice(0, MOST_PATHS), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const what = operation === 'DELETE' ? `deleted ${nameOf(key)}` : `changed ${nameOf(key)}${shown && ` (${shown})`}`;
  return `${by} ${what} at ${at}; to keep that, change ${placeOf(app)}`;
}
