// The sandbox and a real API server take the same manifests, of real charts and repositories, and make the same objects of them.
//
// Dry runs only: nothing stays in the cluster, and no controller has a say.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { at, isObject } from '../../src/base/json.ts';
import { builtinResources } from '../../src/sandbox/resource/builtin.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { mask } from '../sandbox/kube/differential/mask.ts';
import { newNamespace, prepareNamespace, type Transport } from '../sandbox/kube/differential/run.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');
const FOLDERS = ['kustomize/expected', 'helm/expected'].map((folder) => join(CORPUS, folder));
const missing = missingCluster() ?? (existsSync(CORPUS) ? undefined : `no corpus at ${CORPUS} (HAWSER_CORPUS)`);
if (missing) console.warn(`SKIPPED: manifests on the sandbox and a real API server: ${missing}`);

/** Custom resources are left out: their definitions are not there. */
const COLLECTIONS = new Map<string, { isNamespaced: boolean; path: string }>(
  builtinResources()
    .filter(({ verbs }) => verbs.has('create') && verbs.has('patch'))
    .map(({ apiVersion, kind, plural, namespaced }) => {
      const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const path = `${base}${namespaced ? '/namespaces/$NS' : ''}/${plural}`;
      return [`${apiVersion} ${kind}`, { isNamespaced: namespaced, path }] as const;
    }),
);

interface Manifest {
  readonly name: string;
  readonly object: Record<string, unknown>;
}

/** Each different object once, by kind. */
function readManifests(): Map<string, Manifest[]> {
  const byKind = new Map<string, Manifest[]>();
  const seen = new Set<string>();
  for (const folder of FOLDERS)
    for (const file of readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)))
      for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) {
        if (document.errors.length > 0) continue;
        const object: unknown = document.toJSON();
        const name = at(object, 'metadata', 'name');
        if (!isObject(object) || typeof name !== 'string' || name === '') continue;
        const { metadata: _, ...rest } = object;
        const text = JSON.stringify(rest);
        if (seen.has(text)) continue;
        seen.add(text);
        const { apiVersion, kind } = object;
        const manifest = { name, object };
        const key = `${apiVersion} ${kind}`;
        if (!COLLECTIONS.has(key)) continue;
        byKind.set(key, [...(byKind.get(key) ?? []), manifest]);
      }
  return byKind;
}

describe.skipIf(missing !== undefined)('the sandbox answers as a real API server to', () => {
  const namespace = newNamespace('manifests');
  let real: RealCluster;
  let sandbox: Transport;

  beforeAll(async () => {
    real = await startRealCluster();
    const cluster = createSandbox({
      clock: { now: () => Date.now() },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    sandbox = (path, init) => cluster.fetch(new Request(`http://sandbox.test${path}`, init));
    await prepareNamespace(real.transport.fetch, namespace);
    await prepareNamespace(sandbox, namespace);
  });
  afterAll(async () => {
    await real?.transport.fetch(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' });
    await real?.stop();
  });

  async function answer(transport: Transport, path: string, init: RequestInit): Promise<unknown> {
    const response = await transport(path, init);
    // Of several fields that the schema does not know, Go names any.
    const text = (await response.text()).replace(/\): \S+: field not declared/g, '): FIELD: field not declared');
    const body: unknown = JSON.parse(text);
    return {
      status: response.status,
      warnings: mask(response.headers.get('Warning'), namespace),
      body: mask(body, namespace),
    };
  }

  async function expectSame(path: string, init: RequestInit): Promise<void> {
    const [expected, actual] = await Promise.all([
      answer(real.transport.fetch, path, init),
      answer(sandbox, path, init),
    ]);
    expect(actual).toEqual(expected);
  }

  const manifests = missing ? new Map<string, Manifest[]>() : readManifests();
  it.each([...manifests.keys()])('%s', { timeout: 600_000 }, async (key) => {
    for (const manifest of manifests.get(key) ?? []) {
      const { isNamespaced, path } = COLLECTIONS.get(key) ?? { isNamespaced: false, path: '' };
      const collection = path.replace('$NS', namespace);
      const metadata = isObject(manifest.object.metadata) ? manifest.object.metadata : {};
      const object = isNamespaced ? { ...manifest.object, metadata: { ...metadata, namespace } } : manifest.object;
      const body = JSON.stringify(object);
      const query = 'dryRun=All&fieldManager=test&fieldValidation=Strict';
      await expectSame(`${collection}?${query}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      });
      await expectSame(`${collection}/${encodeURIComponent(manifest.name)}?${query}&force=true`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/apply-patch+yaml' },
        body,
      });
    }
  });
});
