// Several replicas start at the same time on a cluster where nothing is there yet.

import { beforeEach, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { parseApplication } from '../../src/application/parse.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { keepGenerated } from '../../src/operation/generated-values.ts';
import { ensureDefaultProject, prepareHome } from '../../src/operation/prepare-home.ts';
import { readToken } from '../../src/operation/settings.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const NAMESPACE = 'argocd';
const MANY = Array.from({ length: 8 }, (_, index) => index);
const SETTINGS = { namespace: NAMESPACE, loopback: true, insecureWebhooks: false };
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

let transport: SandboxTransport;
let client: KubeClient;
beforeEach(async () => {
  transport = connectSandbox();
  client = createKubeClient(transport, { fieldManager: 'test' });
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
});

const connect = () => createKubeClient(transport, { fieldManager: 'hawser' });

describe('replicas that start at once', () => {
  it.each([
    { title: 'no Secret', secret: false },
    { title: 'a Secret without it', secret: true },
  ])('agree on one token, where there is $title', async ({ secret }) => {
    const metadata = { name: 'argocd-secret', namespace: NAMESPACE };
    if (secret) await client.create({ apiVersion: 'v1', kind: 'Secret', metadata, data: { other: btoa('kept') } });
    const tokens = await Promise.all(MANY.map(() => readToken(connect(), { settings: SETTINGS, random })));
    expect(new Set(tokens).size).toBe(1);
    const stored = await client.get({ apiVersion: 'v1', kind: 'Secret', ...metadata });
    expect(stored?.data).toEqual({ 'hawser.token': btoa(tokens[0] ?? ''), ...(secret && { other: btoa('kept') }) });
  });

  it('make the AppProject default once, and none of them fails', async () => {
    await prepareHome(client, NAMESPACE);
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: NAMESPACE, name: 'default' };
    await client.remove(ref);
    await Promise.all(MANY.map(() => ensureDefaultProject(connect(), NAMESPACE)));
    expect(await client.get(ref)).toBeDefined();
  });

  it('keep one of the values that they generated, and render anew with that', async () => {
    const app = parseApplication(
      applicationManifest({
        ...{ name: 'web', namespace: NAMESPACE, repoURL: 'http://git.test/web', path: '.' },
        destinationNamespace: 'web',
      }),
    );
    const call = 'a'.repeat(64);
    const platform = { settings: SETTINGS, clock: { now: () => Date.now() } };
    const keep = (value: string) =>
      keepGenerated({ home: connect(), platform }, app, { records: { [call]: { value } }, isNew: true });
    const ends = await Promise.allSettled(MANY.map((index) => keep(`"password-${index}"`)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'Unavailable' });
    const winner = ends.findIndex(({ status }) => status === 'fulfilled');
    await expect(keep(`"password-${winner}"`)).resolves.toBeUndefined();
  });
});
