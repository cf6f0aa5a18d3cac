// One node of a tree: what is told of Pods, and how traffic comes to objects and leads on.

import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.ts';
import { networkingInfo } from '../../../src/operation/tree/networking.ts';
import { podInfo, podRequest } from '../../../src/operation/tree/pod-info.ts';

function make(type: string, fields: object, metadata: object = {}): KubeObject {
  const [, apiVersion = '', kind = ''] = /^(.*)\/([^/]+)$/.exec(type) ?? [];
  return { apiVersion, kind, metadata: { name: 'it', namespace: 'there', ...metadata }, ...fields };
}

const waiting = (reason: string) => ({ state: { waiting: { reason } } });
const ended = (fields: object) => ({ state: { terminated: fields } });
const RUNNING = { state: { running: {} }, ready: true };
const INITIALIZED = [{ type: 'Initialized', status: 'True' }];

describe('a Pod', () => {
  const pod = (status: object, metadata: object = {}, spec: object = {}) =>
    make('v1/Pod', { spec: { containers: [{ name: 'a' }], ...spec }, status }, metadata);

  it.each<[string, KubeObject, string, string]>([
    ['its phase', pod({ phase: 'Pending' }), 'Pending', '0/1'],
    ['the reason of its phase', pod({ phase: 'Failed', reason: 'Evicted' }), 'Evicted', '0/1'],
    ['a running container', pod({ phase: 'Running', containerStatuses: [RUNNING] }), 'Running', '1/1'],
    [
      'the first container that is in trouble',
      pod({ phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff'), RUNNING] }),
      'CrashLoopBackOff',
      '1/1',
    ],
    ['a signal', pod({ containerStatuses: [ended({ signal: 9, exitCode: 137 })] }), 'Signal:9', '0/1'],
    ['an exit code', pod({ containerStatuses: [ended({ exitCode: 3 })] }), 'ExitCode:3', '0/1'],
    [
      'one that has ended beside one that runs',
      pod({ phase: 'Running', containerStatuses: [ended({ reason: 'Completed', exitCode: 0 }), RUNNING] }),
      'Running',
      '1/1',
    ],
    [
      'how far initialization is',
      pod(
        { phase: 'Pending', initContainerStatuses: [ended({ exitCode: 0 }), { state: { running: {} } }] },
        {},
        {
          initContainers: [{ name: 'i' }, { name: 'j' }],
        },
      ),
      'Init:1/2',
      '0/1',
    ],
    [
      'what broke initialization',
      pod({ phase: 'Pending', initContainerStatuses: [ended({ exitCode: 2, reason: 'Error' })] }),
      'Init:Error',
      '0/1',
    ],
    [
      'a sidecar, which counts',
      pod(
        {
          phase: 'Running',
          conditions: INITIALIZED,
          initContainerStatuses: [{ name: 's', started: true, ...RUNNING }],
          containerStatuses: [RUNNING],
        },
        {},
        { initContainers: [{ name: 's', restartPolicy: 'Always' }] },
      ),
      'Running',
      '2/2',
    ],
    [
      'that it may not be scheduled yet',
      pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] }),
      'SchedulingGated',
      '0/1',
    ],
    ['that it is going', pod({ phase: 'Running' }, { deletionTimestamp: 'now' }), 'Terminating', '0/1'],
    ['that it has ended and is going', pod({ phase: 'Succeeded' }, { deletionTimestamp: 'now' }), 'Succeeded', '0/1'],
    ['that its node is lost', pod({ reason: 'NodeLost' }, { deletionTimestamp: 'now' }), 'Unknown', '0/1'],
  ])('tells %s', (_, object, reason, containers) => {
    expect(podInfo(object).rows).toEqual(
      expect.arrayContaining([
        { name: 'Status Reason', value: reason },
        { name: 'Containers', value: containers },
      ]),
    );
  });

  it('counts restarts, names its node and its images once', () => {
    const object = pod(
      {
        phase: 'Running',
        containerStatuses: [
          { ...RUNNING, restartCount: 2 },
          { ...RUNNING, restartCount: 1 },
        ],
      },
      {},
      {
        nodeName: 'n1',
        initContainers: [{ name: 'i', image: 'init:1' }],
        containers: [{ image: 'app:1' }, { image: 'app:1' }],
      },
    );
    const { rows, images } = podInfo(object);
    expect(images).toEqual(['init:1', 'app:1']);
    expect(rows).toEqual([
      { name: 'Status Reason', value: 'Running' },
      { name: 'Node', value: 'n1' },
      { name: 'Containers', value: '2/2' },
      { name: 'Restart Count', value: '3' },
      { name: 'cpu', value: '0' },
      { name: 'memory', value: '0' },
    ]);
  });

  const asks = (cpu: string, more: object = {}) => ({ resources: { requests: { cpu } }, ...more });
  it.each<[string, object, bigint]>([
    ['its containers together', { containers: [asks('100m'), asks('0.2')] }, 300n],
    ['its init container, where that wants more', { containers: [asks('100m')], initContainers: [asks('1')] }, 1000n],
    [
      'its sidecars, which stay',
      { containers: [asks('100m')], initContainers: [asks('50m', { restartPolicy: 'Always' }), asks('60m')] },
      150n,
    ],
    ['what it takes by itself', { containers: [asks('100m')], overhead: { cpu: '10m' } }, 110n],
    ['nothing', { containers: [{}] }, 0n],
  ])('asks for %s', (_, spec, expected) => {
    expect(podRequest(make('v1/Pod', { spec }), 'cpu')).toBe(expected);
  });
});

describe('traffic', () => {
  const service = (name: string) => ({ service: { name } });
  const route = (fields: object) => make('gateway.networking.k8s.io/v1/HTTPRoute', { spec: fields });

  it.each<[string, KubeObject, object | undefined]>([
    ['nothing of a ConfigMap', make('v1/ConfigMap', {}), undefined],
    [
      'links of annotations, where they lead to the web',
      make(
        'v1/ConfigMap',
        {},
        {
          annotations: {
            'link.argocd.argoproj.io/a': 'https://a.example.com',
            'link.argocd.argoproj.io/b': 'Title|http://b.example.com',
            'link.argocd.argoproj.io/c': 'Title|javascript:alert(1)',
          },
        },
      ),
      { externalURLs: ['https://a.example.com', 'Title|http://b.example.com'] },
    ],
    [
      'the addresses of a LoadBalancer',
      make('v1/Service', {
        spec: { type: 'LoadBalancer', selector: { app: 'web' } },
        status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }, { hostname: 'lb.example.com', ip: '5.6.7.8' }] } },
      }),
      { targetLabels: { app: 'web' }, ingress: [{ ip: '1.2.3.4' }, { hostname: 'lb.example.com' }] },
    ],
    [
      'an Ingress without a host, by its address',
      make('networking.k8s.io/v1/Ingress', {
        spec: {
          defaultBackend: service('fallback'),
          rules: [{ http: { paths: [{ path: '/shop*', backend: service('shop') }] } }],
        },
        status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
      }),
      {
        targetRefs: [
          { kind: 'Service', namespace: 'there', name: 'fallback' },
          { kind: 'Service', namespace: 'there', name: 'shop' },
        ],
        ingress: [{ ip: '1.2.3.4' }],
        externalURLs: ['http://1.2.3.4/shop'],
      },
    ],
    [
      'an Ingress of the old kind, whose own links are not wanted',
      make(
        'extensions/v1beta1/Ingress',
        { spec: { rules: [{ host: 'a.example.com', http: { paths: [{ backend: { serviceName: 'old' } }] } }] } },
        { annotations: { 'argocd.argoproj.io/ignore-default-links': 'true' } },
      ),
      { targetRefs: [{ kind: 'Service', namespace: 'there', name: 'old' }] },
    ],
    [
      'a VirtualService',
      make('networking.istio.io/v1/VirtualService', {
        spec: {
          http: [
            { route: [{ destination: { host: 'one' } }, { destination: { host: 'two.elsewhere.svc.cluster.local' } }] },
          ],
        },
      }),
      {
        targetRefs: [
          { kind: 'Service', namespace: 'there', name: 'one' },
          { kind: 'Service', namespace: 'elsewhere', name: 'two' },
        ],
      },
    ],
    [
      'a Gateway',
      make('gateway.networking.k8s.io/v1/Gateway', {
        spec: {
          listeners: [
            { protocol: 'HTTPS', port: 443, hostname: 'a.example.com' },
            { protocol: 'HTTP', port: 8080 },
          ],
        },
        status: { addresses: [{ type: 'IPAddress', value: '1.2.3.4' }] },
      }),
      { ingress: [{ ip: '1.2.3.4' }], externalURLs: ['https://a.example.com', 'http://1.2.3.4:8080'] },
    ],
    [
      'a route of a Gateway',
      route({ parentRefs: [{ name: 'gate', namespace: 'infra' }], rules: [{ backendRefs: [{ name: 'web' }] }] }),
      {
        targetRefs: [
          { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'infra', name: 'gate' },
          { kind: 'Service', namespace: 'there', name: 'web' },
        ],
      },
    ],
  ])('knows %s', (_, object, expected) => {
    expect(networkingInfo(object)).toEqual(expected);
  });
});
