// Values of Secrets leave hawser nowhere: not in differences, statuses, messages or logs.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const OLD = 'old-password-473829';
const NEW = 'new-password-918273';
const HIDDEN = 'hidden-annotation-555111';

const secret = (value: string) => `apiVersion: v1
kind: Secret
metadata:
  name: subject
  annotations: {team.example.com/token: ${HIDDEN}-${value}, note: shown}
stringData: {password: ${value}, same: ${OLD}}
`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  const namespace = cluster.freshNamespace('masked');
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  it('shows that a value differs, and neither of the two', async () => {
    await ground.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace: ground.namespace },
      data: { 'resource.sensitive.mask.annotations': 'team.example.com/token' },
    });
    const repository = await ground.createRepository('devops/masked', { 'a.yaml': secret(OLD) });
    await ground.createApplication({
      name: 'masked',
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true'],
    });
    await ground.refresh('masked');
    await ground.sync('masked');
    const lastApplied = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {},
      data: { password: btoa(OLD) },
    });
    await ground.client.patch(
      { apiVersion: 'v1', kind: 'Secret', namespace, name: 'subject' },
      { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': lastApplied } } },
      { type: 'merge', fieldManager: 'somebody' },
    );
    await ground.push(repository, { 'a.yaml': secret(NEW) });
    await ground.application('masked');

    const { body } = await ground.request('GET', '/api/v1/applications/masked/managed-resources');
    const item = at(body, 'items', 0);
    const [target, live] = [stringAt(item, 'targetState') ?? '', stringAt(item, 'liveState') ?? ''];

    expect(JSON.parse(target).data).toEqual({ password: '++++++++', same: '++++++++' });
    expect(JSON.parse(live).data).toEqual({ password: '++++++++++++', same: '++++++++' });
    expect(JSON.parse(live).metadata.annotations).toMatchObject({
      'team.example.com/token': '++++++++++++',
      note: 'shown',
    });
    expect(at(item, 'changes')).toEqual([
      { path: '/data/password', before: '++++++++++++', after: '++++++++' },
      { path: '/metadata/annotations/team.example.com~1token', before: '++++++++++++', after: '++++++++' },
    ]);
    expectNothingShown(body);
  });

  it('tells no value in the Application, its operation or the log, even when the API server refuses it', async () => {
    await ground.sync('masked');
    const broken = secret(NEW).replace('stringData: {', 'stringData: {number: 918273000111, ');
    const repository = await ground.createRepository('devops/masked-broken', { 'a.yaml': broken });
    await ground.createApplication({ name: 'masked-broken', path: '.', repository, destinationNamespace: namespace });
    await ground.refresh('masked-broken');
    await ground.sync('masked-broken');
    const answer = await ground.request('GET', '/api/v1/applications');
    expect(JSON.stringify(answer.body)).toContain('masked-broken');
    expectNothingShown([answer.body, ground.logs]);
    expect(JSON.stringify([answer.body, ground.logs])).not.toContain('918273000111');
  });

  it('tells no value when the API server refuses a client-side patch, and quotes all of it', async () => {
    const name = 'masked-patch';
    const repository = await ground.createRepository(`devops/${name}`, {
      'a.yaml': secret(OLD).replace('subject', name),
    });
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['ServerSideApply=false'],
    });
    await ground.refresh(name);
    expect((await ground.sync(name)).status.operationState?.phase).toBe('Succeeded');
    const broken = secret(NEW).replace('subject', name).replace('stringData: {', 'data: {number: 918273000111, ');
    await ground.push(repository, { 'a.yaml': broken });
    expect((await ground.sync(name)).status.operationState?.phase).toBe('Failed');
    const answer = await ground.request('GET', '/api/v1/applications');
    const known = broken.match(/number: (\d+)/)?.[1] ?? '';
    expectNothingShown([answer.body, ground.logs]);
    expect(JSON.stringify([answer.body, ground.logs])).not.toContain(known);
  });

  function expectNothingShown(value: unknown): void {
    const text = JSON.stringify(value);
    for (const hidden of [OLD, NEW, HIDDEN, btoa(OLD), btoa(NEW)]) expect(text).not.toContain(hidden);
  }
};

export default behaviour;
