// What a comparison finds, and what it leaves to others.

import { expect, it } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { configMap, deployment, object, service } from '../support/objects.ts';
import { differenceOf, openSyncGrounds, statuses, writes } from '../support/sync-ground.ts';

const behaviour: Behaviour = (cluster) => {
  const ground = openSyncGrounds(cluster);

  it('finds what is missing, and writes nothing', async () => {
    const { compare, sent } = await ground();
    sent();
    const comparison = await compare([configMap('a', { k: '1' }), deployment('nginx:1')]);
    expect(comparison.status).toBe('OutOfSync');
    expect(statuses(comparison)).toEqual({ 'ConfigMap/a': 'OutOfSync', 'Deployment/web': 'OutOfSync' });
    expect(writes(sent())).toEqual([]);
  });

  it('finds no difference in defaults, quantities and status', async () => {
    const { compare, sync } = await ground();
    const targets = [
      deployment('nginx:1'),
      service('web', {}),
      object('v1', 'Secret', 's', { stringData: { p: 'x' } }),
    ];
    await sync(targets);
    expect(await compare(targets)).toMatchObject({ status: 'Synced', conditions: [] });
  });

  it('finds what others changed and added, but not what is theirs', async () => {
    const { compare, sync, edit } = await ground();
    const targets = [configMap('a', { k: '1' }), deployment('nginx:1')];
    await sync(targets);
    await edit('ConfigMap', 'a', { metadata: { labels: { theirs: 'x' }, annotations: { theirs: 'x' } } });
    expect((await compare(targets)).status).toBe('Synced');
    await edit('ConfigMap', 'a', { data: { added: 'x' } });
    await edit('Deployment', 'web', { spec: { replicas: 3 } });
    const comparison = await compare(targets);
    expect(statuses(comparison)).toEqual({ 'ConfigMap/a': 'OutOfSync', 'Deployment/web': 'OutOfSync' });
    expect(differenceOf(comparison, 'a').removals).toEqual({ data: { added: null } });
  });

  it('ignores what it is told to', async () => {
    const { compare, sync, edit } = await ground();
    const targets = [configMap('a', { k: '1' }), deployment('nginx:1')];
    await sync(targets);
    await edit('ConfigMap', 'a', { data: { added: 'x' } });
    await edit('Deployment', 'web', { spec: { replicas: 3 } });
    const ignoreDifferences = [
      { group: 'apps', kind: 'Deployment', managedFieldsManagers: ['somebody'] },
      { kind: 'ConfigMap', jqPathExpressions: ['.data.added'] },
    ];
    expect((await compare(targets, { ignoreDifferences })).status).toBe('Synced');
  });

  it('does not call Synced what the API server refuses', async () => {
    const { compare, sync } = await ground();
    await sync([service('web', {})]);
    const comparison = await compare([
      service('web', { ports: [{ port: 99_999 }] }),
      service('new', { ports: [{ port: 99_999 }] }),
    ]);
    expect(comparison.status).toBe('Unknown');
    expect(statuses(comparison)).toEqual({ 'Service/web': 'Unknown', 'Service/new': 'OutOfSync' });
    expect(differenceOf(comparison, 'web').message).toContain('99999');
  });

  it('says of a kind that nobody has that it is unknown', async () => {
    const { compare } = await ground();
    const { dryRun } = differenceOf(await compare([object('example.com/v1', 'Nothing', 'x', {})]), 'x');
    expect(dryRun).toEqual({
      outcome: 'unknownKind',
      message: 'no matches for kind "Nothing" in version "example.com/v1"',
    });
  });

  it('takes no missing namespace for a failure when the same target state brings it', async () => {
    const { compare, namespace } = await ground({ makesNamespace: false });
    const alone = await compare([configMap('a', {})]);
    expect(differenceOf(alone, 'a').dryRun).toMatchObject({
      outcome: 'failed',
      message: `namespaces "${namespace}" not found`,
    });
    const together = await compare([configMap('a', {}), object('v1', 'Namespace', namespace, {})]);
    expect(differenceOf(together, 'a').dryRun).toMatchObject({ outcome: 'deferred', awaits: 'namespace' });
    const made = await compare([configMap('a', {})], { syncOptions: ['CreateNamespace=true'] });
    expect(differenceOf(made, 'a').dryRun).toMatchObject({ outcome: 'deferred', awaits: 'namespace' });
    expect(made.namespace).toMatchObject({ modified: true });
  });

  it('warns of an object that another Application has', async () => {
    const { compare, sync } = await ground();
    await sync([configMap('a', {})], { compare: { instance: 'other' } });
    const comparison = await compare([configMap('a', {})]);
    expect(comparison.status).toBe('OutOfSync');
    expect(comparison.conditions).toEqual([
      { type: 'SharedResourceWarning', message: 'ConfigMap/a is part of applications app and other' },
    ]);
  });

  it('never shows the value of a Secret that the API server could not read', async () => {
    const { compare } = await ground();
    const comparison = await compare([object('v1', 'Secret', 's', { stringData: { pin: 473_829 } })]);
    const { dryRun, message } = differenceOf(comparison, 's');
    expect(dryRun.outcome).toBe('failed');
    expect(message).not.toContain('473829');
  });
};

export default behaviour;
