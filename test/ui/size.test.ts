// What a browser gets before it shows the list of Applications, as it is sent.

import { beforeAll, describe, expect, it } from 'vitest';
import { createUiAssets } from '../../src/node/ui-assets.ts';
import { createUiFiles, type UiFiles, type UiManifest } from '../../src/ui/ui-files.ts';

const MOST_BYTES = 90_000;

let files: UiFiles;
let manifest: UiManifest;

beforeAll(async () => {
  files = createUiFiles({ assets: createUiAssets() });
  manifest = await files.manifest();
}, 60_000);

async function sent(name: string): Promise<Response> {
  const request = new Request('http://hawser.test', { headers: { 'accept-encoding': 'gzip' } });
  const answer = await files.answer(name, request);
  if (!answer) throw new Error(`${name} is not part of the build`);
  return answer;
}

/** What the text of a module imports before it runs. */
async function importsOf(name: string): Promise<string[]> {
  const answer = await files.answer(name, new Request('http://hawser.test'));
  const text = (await answer?.text()) ?? '';
  return [
    ...text.matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}$,\s]*?from\s*)?["'`]\.\/([\w.-]+\.js)["'`]/g),
  ].map(([, file = '']) => file);
}

describe('the initial load', () => {
  it(`of script and style is at most ${MOST_BYTES} bytes with gzip`, async () => {
    const names = [manifest.script, ...manifest.preload, manifest.style];
    const sizes = await Promise.all(names.map(async (name) => (await (await sent(name)).arrayBuffer()).byteLength));
    const bySize = Object.fromEntries(names.map((name, index) => [name, sizes[index]]));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total, JSON.stringify(bySize)).toBeLessThanOrEqual(MOST_BYTES);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  it('is all that the page has to wait for: the document names each module that one of it imports, and no other', async () => {
    const imported = new Set((await Promise.all([manifest.script, ...manifest.preload].map(importsOf))).flat());
    imported.delete(manifest.script);
    expect([...imported].sort()).toEqual([...manifest.preload].sort());
  });

  it.each(['script', 'style'] as const)('is compressed, and kept by the browser for ever: the %s', async (part) => {
    const { headers } = await sent(manifest[part]);
    expect(headers.get('content-encoding')).toBe('gzip');
    expect(headers.get('cache-control')).toContain('immutable');
  });
});
