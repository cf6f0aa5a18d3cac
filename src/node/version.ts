// The version of this package, as package.json has it.

import { readFile } from 'node:fs/promises';
import { at } from '../base/json.ts';

/** Put in by build.js; the sources run without it. */
declare const HAWSER_VERSION: string | undefined;

export async function version(): Promise<string> {
  if (typeof HAWSER_VERSION === 'string') return HAWSER_VERSION;
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return String(at(JSON.parse(text), 'version'));
}
