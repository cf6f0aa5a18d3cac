// The built command: an installation exported, imported into another cluster, and taken over where it is.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { argoExport } from '../support/argo-export.ts';
import { type BuiltDemo, startBuiltDemo } from '../support/built-demo.ts';
import { findPeer } from '../support/peers.ts';

let demo: BuiltDemo;
beforeAll(async () => {
  demo = await startBuiltDemo();
});
afterAll(() => demo.end());

const admin = (args: readonly string[], input = '') =>
  demo.start(['admin', ...args, '--kubeconfig', demo.kubeconfig], {
    input,
    env: { ...demo.env, PATH: `${findPeer('helm')?.replace(/\/[^/]*$/, '') ?? ''}:${demo.env.PATH}` },
  }).ended;

describe('hawser admin', () => {
  it('exports the installation, of which an import changes nothing', async () => {
    expect(await admin(['export', '-o', 'backup.yaml'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const file = join(demo.folder, 'backup.yaml');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^kind: Application$/m);
    expect(text.endsWith('---\n')).toBe(true);
    const again = await admin(['import', 'backup.yaml', '--apply', '--no-render']);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toBe('nothing to do: all is as the import has it\n');
  });

  it('imports what another installation has exported, after it has told what that would do', async () => {
    const input = argoExport({ repoURL: demo.cloneUrl, path: 'app/base' }).replace('shop-*', "'*'");
    const documents = input.split('---\n').filter((document) => /kind: (AppProject|Application)\n/.test(document));
    const told = await admin(['import', '-', '-o', 'json'], documents.join('---\n'));
    expect(told.code).toBe(1);
    expect(told.stderr).toBe('Nothing was written. --apply writes it.\n');
    const { applications } = JSON.parse(told.stdout);
    expect(applications).toMatchObject([
      { name: 'shop', problems: [], rendered: { verdict: findPeer('helm') ? 'equal' : 'not compared' } },
    ]);
    const done = await admin(['import', '-', '--apply', '--no-render'], documents.join('---\n'));
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('argoproj.io/Application shop in namespace argocd created');
    expect((await demo.run('app', 'get', 'shop')).stdout).toContain('app/base');
  });

  it('compares what is there, in place', async () => {
    const { stdout } = await admin(['import', '--live']);
    expect(stdout).toMatch(/^argocd\/\S+ +\d+ +(equal|not compared)/m);
  });

  it('prints the first password', async () => {
    expect((await admin(['initial-password'])).stdout).toMatch(/^\S+\n$/);
  });
});
