import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIdentity } from '../../src/node/identity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-identity-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the name of a replica', () => {
  it('stays with its data', async () => {
    const name = await readIdentity(folder, 'hawser-0');
    expect(name).toMatch(/^hawser-0-[0-9a-f]{8}$/);
    expect(await readIdentity(folder, 'another-host')).toBe(name);
  });

  it.each([
    { host: 'Kim’s Laptop.local', name: /^kim-s-laptop-local-[0-9a-f]{8}$/ },
    { host: '-- --', name: /^hawser-[0-9a-f]{8}$/ },
    { host: 'x'.repeat(200), name: /^x{48}-[0-9a-f]{8}$/ },
  ])('is one that Kubernetes takes, on a host called $host', async ({ host, name }) => {
    expect(await readIdentity(folder, host)).toMatch(name);
  });

  it.each(['', 'Not A Name\n', 'a'.repeat(300)])('is made anew where the file holds %j', async (content) => {
    writeFileSync(join(folder, 'identity'), content);
    const name = await readIdentity(folder, 'hawser-0');
    expect(name).toMatch(/^hawser-0-/);
    expect(await readIdentity(folder, 'hawser-0')).toBe(name);
  });
});
