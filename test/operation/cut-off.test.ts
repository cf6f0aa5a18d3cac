// A sync that a newer push cut off, and a ref that then names again what was deployed before: it is brought back, and is no new deployment.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
beforeEach(async () => {
  ground = await createGround(connectSandbox());
});
afterEach(() => ground.close());

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {k: ${value}}\n`;

it('makes no second entry of the history', async () => {
  const repository = await ground.createRepository('team/cut', { 'app/a.yaml': configMap('one') });
  await ground.createApplication({
    name: 'cut',
    repository,
    path: 'app',
    destinationNamespace: 'default',
    automated: {},
  });
  await ground.refresh('cut');
  const before = await ground.application('cut');
  expect(before.status.history).toHaveLength(1);

  // As the sync to another commit left it when it gave way between two steps.
  const { operationState } = before.status;
  const superseded = {
    ...operationState,
    phase: 'Failed',
    message: 'superseded by a newer revision',
    syncResult: { ...operationState?.syncResult, revision: 'a'.repeat(40) },
  };
  const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'cut' };
  await ground.client.patch(
    ref,
    { status: { operationState: JSON.parse(JSON.stringify(superseded)), sync: { status: 'OutOfSync' } } },
    { type: 'merge' },
  );
  await ground.refresh('cut');
  const after = await ground.application('cut');
  expect(after.status.operationState).toMatchObject({
    phase: 'Succeeded',
    syncResult: { revision: before.status.sync?.revision },
  });
  expect(after.status.operationState?.startedAt).not.toBe(undefined);
  expect(after.status.sync?.status).toBe('Synced');
  expect(after.status.history).toEqual(before.status.history);

  await ground.push(repository, { 'app/a.yaml': configMap('two') });
  expect((await ground.application('cut')).status.history).toHaveLength(2);
});

it('but a person who syncs the same commit again sees it in the history, as in Argo CD', async () => {
  const repository = await ground.createRepository('team/again', { 'app/a.yaml': configMap('one') });
  await ground.createApplication({
    name: 'again',
    repository,
    path: 'app',
    destinationNamespace: 'default',
    automated: {},
  });
  await ground.refresh('again');
  await ground.sync('again');
  expect((await ground.application('again')).status.history).toHaveLength(2);
});
