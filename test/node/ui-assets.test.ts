// The files of the web UI from the folder of a package.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUiAssets } from '../../src/node/ui-assets.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-ui-'));
  writeFileSync(join(folder, 'manifest.json'), '{}');
  writeFileSync(join(folder, 'app.js'), 'export {};');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('are found after somebody has asked for one of an earlier version first', async () => {
  const assets = createUiAssets(folder);
  expect(await assets('app-of-before.js')).toBeUndefined();
  expect(new TextDecoder().decode(await assets('app.js'))).toBe('export {};');
});
