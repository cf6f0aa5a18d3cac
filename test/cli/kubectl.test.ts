// kubectl on the kubeconfig that the demo prints: the sandbox is a cluster to it.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoProcess, startDemoProcess } from '../support/demo-process.ts';
import { eventually, type Outcome, runProcess, startProcess } from '../support/hawser-process.ts';
import { findPeer } from '../support/peers.ts';

const kubectl = findPeer('kubectl');
if (!kubectl) console.warn('SKIPPED: no kubectl on this machine: the demo is not tried with it');

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: by-hand
data:
  key: value
`;

describe.skipIf(!kubectl)('kubectl on the cluster of the demo', () => {
  let demo: DemoProcess;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    demo = await startDemoProcess();
    env = { ...demo.home.env, KUBECONFIG: demo.kubeconfig };
    await eventually('the Pods of dev-nginx', async () => {
      const { stdout } = await run('get', 'pods', '-n', 'dev-nginx');
      return stdout.includes('Running') || undefined;
    });
  }, 60_000);

  afterAll(async () => {
    await demo?.process.end();
    demo?.home.remove();
  });

  function run(...args: string[]): Promise<Outcome> {
    return runProcess(kubectl ?? 'kubectl', args, { env });
  }

  /** Standard output of a call that must succeed. */
  async function output(args: readonly string[], input = '', extra: Readonly<Record<string, string>> = {}) {
    const outcome = await runProcess(kubectl ?? 'kubectl', args, { env: { ...env, ...extra }, input });
    if (outcome.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${outcome.stderr}`);
    return outcome.stdout;
  }

  it('lists the Applications with their columns', async () => {
    const lines = (await output(['get', 'applications', '-A'])).trimEnd().split('\n');
    expect(lines[0]?.split(/ {2,}/)).toEqual(['NAMESPACE', 'NAME', 'SYNC STATUS', 'HEALTH STATUS']);
    expect(lines).toHaveLength(5);
    expect(lines.find((line) => line.includes('dev-nginx'))).toMatch(/^argocd +dev-nginx +Synced +Healthy$/);
    expect(await output(['get', 'app', 'dev-nginx', '-n', 'argocd', '-o', 'wide'])).toMatch(/[0-9a-f]{40} +default\b/m);
  });

  it('lists the Pods that a push made', async () => {
    expect(await output(['get', 'pods', '-n', 'dev-nginx'])).toMatch(/^dev-nginx-\S+ +1\/1 +Running +0 +\d+s$/m);
  });

  it('applies on the client and on the server, patches, edits and deletes', async () => {
    expect(await output(['apply', '-f', '-'], CONFIG_MAP)).toBe('configmap/by-hand created\n');
    expect(await output(['apply', '-f', '-'], CONFIG_MAP)).toBe('configmap/by-hand unchanged\n');
    const served = CONFIG_MAP.replace('by-hand', 'served');
    expect(await output(['apply', '--server-side', '-f', '-'], served)).toBe('configmap/served serverside-applied\n');
    await output(['patch', 'configmap', 'by-hand', '-p', '{"data":{"patched":"yes"}}']);
    const editor = join(demo.home.folder, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nsed -i "s/key: value/key: edited/" "$1"\n');
    chmodSync(editor, 0o755);
    expect(await output(['edit', 'configmap', 'by-hand'], '', { KUBE_EDITOR: editor })).toContain('edited');
    const data = await output(['get', 'configmap', 'by-hand', '-o', 'jsonpath={.data}']);
    expect(JSON.parse(data)).toEqual({ key: 'edited', patched: 'yes' });
    expect(await output(['delete', 'configmap', 'by-hand', 'served'])).toMatch(/"by-hand" deleted/);
    const gone = await run('get', 'configmap', 'by-hand');
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('configmaps "by-hand" not found') });
  });

  it('keeps a Secret that was written as text', async () => {
    await output(['create', 'secret', 'generic', 'texts', '--from-literal=a=b']);
    await output(['patch', 'secret', 'texts', '-p', '{"stringData":{"c":"d"}}']);
    expect(JSON.parse(await output(['get', 'secret', 'texts', '-o', 'jsonpath={.data}']))).toEqual({
      a: btoa('b'),
      c: btoa('d'),
    });
  });

  it('refuses an Application whose spec has the wrong type', async () => {
    const patch = '{"spec":{"source":{"helm":{"valueFiles":"values-dev.yaml"}}}}';
    const { code, stderr } = await run('patch', 'app', 'dev-nginx', '-n', 'argocd', '--type', 'merge', '-p', patch);
    expect(code).toBe(1);
    expect(stderr).toContain('spec.source.helm.valueFiles: Invalid value: "string"');
  });

  it('watches: an object that is made shows without another request', async () => {
    const watch = startProcess(
      kubectl ?? 'kubectl',
      ['get', 'configmaps', '-n', 'default', '--watch', '--output-watch-events'],
      { env },
    );
    try {
      await watch.waitFor(/^ADDED +kube-root-ca.crt/m);
      await output(['create', 'configmap', 'watched', '-n', 'default']);
      expect((await watch.waitFor(/^ADDED +watched.*$/m))[0]).toMatch(/^ADDED +watched +0 +\d+s$/);
    } finally {
      await watch.end();
    }
  });

  it('deletes an Application without its finalizer, and its objects stay', async () => {
    await output(['delete', 'application', 'dev-web', '-n', 'argocd']);
    expect(await output(['get', 'applications', '-n', 'argocd', '-o', 'name'])).not.toContain('dev-web');
    expect(await output(['get', 'deployments', '-n', 'dev-web', '-o', 'name'])).toContain('dev-web');
  });
});
