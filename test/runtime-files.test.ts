// The contract of the runtimes says the same of each: none of its tests knows in which of them it runs.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const FOLDER = resolve(import.meta.dirname, 'runtime');

/** How a test could find out. What starts a runtime, in support/, has to. */
const ASKS = /\binject\b|\bnavigator\.userAgent\b|\bprocess\.versions\b|\bWebSocketPair\b/;

it('no test of the contract asks which runtime it runs in', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('support'),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => ASKS.test(readFileSync(join(FOLDER, file), 'utf8')))).toEqual([]);
});
