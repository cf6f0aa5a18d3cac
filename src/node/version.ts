// The version of this package, as package.json has it.

import { readFile } from 'node:fs/promises';
import { at } from '../base/json.ts';

/** Works from the sources and from dist/: package.json is one folder up from either. */
export async function version(): Promise<string> {
  for (const path of ['../package.json', '../../package.json']) {
    const text = await readFile(new URL(path, import.meta.url), 'utf8').catch(() => undefined); // The other path has it.
    if (text) return String(at(JSON.parse(text), 'version'));
  }
  return 'unknown';
}
