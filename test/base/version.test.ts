import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { VERSION } from '../../src/base/version.ts';

it('the version is that of package.json', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  expect(VERSION).toBe(at(JSON.parse(text), 'version'));
});
