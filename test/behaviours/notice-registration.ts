// What `hawser install` prints of notices may be applied again and again: what hawser has filled in stays.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { NOTICE_CONFIGURATION, noticeConfiguration } from '../../src/application/install-notices.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { completeRegistration, readRegistration } from '../../src/operation/notice-registration.ts';
import type { Behaviour } from '../support/behaviours.ts';

const TRACKING = { method: 'annotation', labelKey: 'app.kubernetes.io/instance' };
const FILLING = { secret: 's3cret', certificate: 'PEM', tracking: TRACKING };

const behaviour: Behaviour = (cluster) => {
  let hawser: KubeClient;
  let kubectl: KubeClient;
  const namespace = cluster.freshNamespace('registered');
  const printed = noticeConfiguration({ namespace, drift: 'enforce' });

  beforeAll(() => {
    hawser = createKubeClient(cluster.transport, { fieldManager: 'hawser' });
    kubectl = createKubeClient(cluster.transport, { fieldManager: 'kubectl' });
  });
  afterAll(async () => {
    await hawser.remove({ ...NOTICE_CONFIGURATION, name: printed.metadata.name ?? '' });
  });

  const registered = async () => (await readRegistration(hawser, namespace)) ?? printed;
  const configOf = async (name: string) => {
    const { webhooks } = await registered();
    const found = Array.isArray(webhooks) ? webhooks.find((webhook) => at(webhook, 'name') === name) : undefined;
    return at(found, 'clientConfig');
  };

  it('hawser fills in the certificate, and the secret in the paths of drift', async () => {
    await kubectl.apply(printed, { force: false });
    await completeRegistration(hawser, await registered(), FILLING);
    const caBundle = btoa('PEM');
    expect(await configOf('drift.hawser.dev')).toMatchObject({
      ...{ caBundle, service: { namespace, name: 'hawser', path: '/api/drift/s3cret/enforce' } },
    });
    expect(await configOf('scale.hawser.dev')).toEqual(await configOf('drift.hawser.dev'));
    expect(await configOf('applications.hawser.dev')).toMatchObject({ caBundle, service: { path: '/notice' } });
  });

  it('applied again without force, nothing of it goes, and nothing is in conflict', async () => {
    const before = (await registered()).webhooks;
    await kubectl.apply(printed, { force: false });
    expect((await registered()).webhooks).toEqual(before);
  });

  it('what is complete is not written again', async () => {
    const { resourceVersion } = (await registered()).metadata;
    await completeRegistration(hawser, await registered(), FILLING);
    expect((await registered()).metadata.resourceVersion).toBe(resourceVersion);
  });

  it('replicas that start at once do not stand in the way of each other', async () => {
    const before = await registered();
    const others = { ...FILLING, certificate: 'OTHER' };
    await Promise.all([completeRegistration(hawser, before, others), completeRegistration(hawser, before, others)]);
    expect(await configOf('drift.hawser.dev')).toMatchObject({ caBundle: btoa('OTHER') });
  });

  it('another mode is taken over', async () => {
    await kubectl.apply(noticeConfiguration({ namespace, drift: 'warn' }), { force: false });
    await completeRegistration(hawser, await registered(), FILLING);
    expect(await configOf('drift.hawser.dev')).toMatchObject({ service: { path: '/api/drift/s3cret' } });
  });

  it('objects that carry a label alone have a webhook of their own, as long as they do', async () => {
    const tracking = { method: 'label', labelKey: 'app.kubernetes.io/instance' };
    await completeRegistration(hawser, await registered(), { ...FILLING, tracking });
    expect(await configOf('labelled.hawser.dev')).toEqual(await configOf('drift.hawser.dev'));
    await completeRegistration(hawser, await registered(), FILLING);
    expect(await configOf('labelled.hawser.dev')).toBeUndefined();
  });

  it('a server that anybody may reach has the secret in every path', async () => {
    await completeRegistration(hawser, await registered(), { ...FILLING, isSecretEverywhere: true });
    expect(await configOf('applications.hawser.dev')).toMatchObject({ service: { path: '/notice/s3cret' } });
  });
};

export default behaviour;
