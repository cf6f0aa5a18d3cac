// What becomes of an Application is told: as Events, which the API server takes, and to those who subscribed, once, by a state in an
// annotation.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringAt } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { applicationRef } from '../../src/operation/road.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const NOTIFIED = 'notified.notifications.argoproj.io';

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {key: ${value}}\n`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let client: KubeClient;
  let target: Listening;
  const received: string[] = [];
  const namespace = cluster.freshNamespace('told');

  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
    client = createKubeClient(cluster.transport, { fieldManager: 'test' });
    target = await listen(
      async (request) => {
        received.push(`${request.method} ${await request.text()}`);
        return new Response('');
      },
      { host: '127.0.0.1', port: 0 },
    );
    await client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-notifications-cm', namespace: ground.namespace },
      data: {
        'service.webhook.hook': `url: ${target.url}\n`,
        'template.app-sync-succeeded': 'webhook:\n  hook:\n    method: POST\n    body: "{{.app.metadata.name}}"\n',
      },
    });
  });

  afterAll(async () => {
    await ground.close();
    await target.close();
  });

  it('with reasons and texts of Argo CD, and once for each commit', async () => {
    const repository = await ground.createRepository('devops/told', { 'a.yaml': configMap('one') });
    await ground.createApplication({
      ...{ name: 'told', repository, path: '.', destinationNamespace: namespace, automated: {} },
    });
    const annotations = { 'notifications.argoproj.io/subscribe.on-sync-succeeded.hook': '' };
    await client.patch(applicationRef(ground.namespace, 'told'), { metadata: { annotations } }, { type: 'merge' });
    await ground.refresh('told');
    await ground.push(repository, { 'a.yaml': configMap('two') });
    await ground.refresh('told');
    const { metadata, status } = await ground.application('told');
    expect(received).toEqual(['POST told', 'POST told']);
    expect(Object.keys(JSON.parse(metadata.annotations?.[NOTIFIED] ?? '{}') as object)).toHaveLength(2);
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace: ground.namespace });
    const own = items.filter((item) => stringAt(item, 'involvedObject', 'uid') === metadata.uid);
    const texts = own.map(
      (item) => `${stringAt(item, 'type')} ${stringAt(item, 'reason')}: ${stringAt(item, 'message')}`,
    );
    expect(texts).toContain(`Normal OperationStarted: Initiated automated sync to '${status.sync?.revision}'`);
    expect(texts).toContain(`Normal OperationCompleted: Sync operation to ${status.sync?.revision} succeeded`);
    expect(ground.logs.filter((line) => /Events|notification/.test(line) && !line.startsWith('info'))).toEqual([]);
  });
};

export default behaviour;
