import { beforeEach, describe, expect, it } from 'vitest';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { createPeers } from '../../src/operation/peers.ts';
import type { PeerMessage } from '../../src/operation/replicas.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const MESSAGE: PeerMessage = { kind: 'leaving', identity: 'me' };

let client: KubeClient;
let asked: {
  readonly insecure: boolean;
  readonly url: string;
  readonly authorization: string | null;
  readonly body: unknown;
}[];
let logs: string[];
let now: number;
let answer: (url: string) => Response | Promise<Response>;

beforeEach(async () => {
  client = createKubeClient(connectSandbox(), { fieldManager: 'test' });
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } });
  asked = [];
  logs = [];
  now = 0;
  answer = () => Response.json({ identity: 'another' }, { status: 202 });
});

function create(named: readonly string[] = [], home = client) {
  return createPeers({
    ...{ home, namespace: 'argocd', identity: 'me', named, elapsed: () => now, token: async () => 'secret' },
    fetch: async (url, init, { insecure = false }) => {
      const { headers, body } = init;
      asked.push({
        insecure,
        url,
        authorization: new Headers(headers).get('authorization'),
        body: JSON.parse(String(body)),
      });
      return answer(url);
    },
    log: { info: (text) => logs.push(text), warn: (text) => logs.push(text), error: (text) => logs.push(text) },
  });
}

const urls = () => asked.splice(0).map(({ url }) => url);

async function addSlice(name: string, more: object, service = 'hawser'): Promise<void> {
  await client.apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'argocd', labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports: [
      { name: 'notices', port: 9443, protocol: 'TCP' },
      { name: 'http', port: 8080, protocol: 'TCP' },
    ],
    ...more,
  });
}

describe('telling the other replicas', () => {
  it('speaks TLS to Pods whose port is called so, whatever names their certificate is for', async () => {
    const ports = [{ name: 'https', port: 8080, protocol: 'TCP' }];
    await addSlice('hawser-a', { ports, endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: true } }] });
    await create(['https://hawser.example.com']).tell(MESSAGE);
    expect(asked.map(({ url, insecure }) => ({ url, insecure }))).toEqual([
      { url: 'https://hawser.example.com/api/peer', insecure: false },
      { url: 'https://10.1.0.1:8080/api/peer', insecure: true },
    ]);
  });

  it('reaches who is behind the Service and ready, with the token', async () => {
    const endpoints = [
      { addresses: ['10.1.0.1'], conditions: { ready: true } },
      { addresses: ['10.1.0.2'], conditions: { ready: false } },
      { addresses: ['10.1.0.3'], conditions: {} },
    ];
    await addSlice('hawser-a', { endpoints });
    await addSlice('hawser-b', { addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1'], conditions: {} }] });
    await addSlice('other', { endpoints: [{ addresses: ['10.1.0.9'], conditions: {} }] }, 'other');
    await create().tell(MESSAGE);
    expect(asked.map(({ url }) => url).sort()).toEqual([
      'http://10.1.0.1:8080/api/peer',
      'http://10.1.0.3:8080/api/peer',
      'http://[fd00::1]:8080/api/peer',
    ]);
    expect(asked[0]).toMatchObject({ authorization: 'Bearer secret', body: MESSAGE });
  });

  it('reaches who was named, once each', async () => {
    await create(['http://a.test', 'http://b.test', 'http://a.test']).tell(MESSAGE);
    expect(urls()).toEqual(['http://a.test/api/peer', 'http://b.test/api/peer']);
  });

  it('leaves itself out once it has answered itself', async () => {
    answer = (url) => Response.json({ identity: url.includes('a.test') ? 'me' : 'another' });
    const peers = create(['http://a.test', 'http://b.test']);
    await peers.tell(MESSAGE);
    asked = [];
    await peers.tell(MESSAGE);
    expect(urls()).toEqual(['http://b.test/api/peer']);
  });

  it('hears of new ones after a while', async () => {
    const peers = create();
    await peers.tell(MESSAGE);
    await addSlice('hawser-a', { endpoints: [{ addresses: ['10.1.0.1'], conditions: {} }] });
    await peers.tell(MESSAGE);
    expect(urls()).toEqual([]);
    now += 30_001;
    await peers.tell(MESSAGE);
    expect(urls()).toEqual(['http://10.1.0.1:8080/api/peer']);
  });

  it.each([
    { title: 'is not reachable', respond: () => Promise.reject(new TypeError('fetch failed')) },
    { title: 'refuses', respond: () => Response.json({}, { status: 401 }) },
    { title: 'answers no JSON', respond: () => new Response('<html>') },
  ])('goes on where one $title, and says so once', async ({ respond }) => {
    answer = (url) => (url.includes('a.test') ? respond() : Response.json({ identity: 'another' }));
    const peers = create(['http://a.test', 'http://b.test']);
    await peers.tell(MESSAGE);
    await peers.tell(MESSAGE);
    expect(urls().filter((url) => url.includes('b.test'))).toHaveLength(2);
    expect(logs).toEqual(['another replica could not be told']);
  });

  it('goes on where the Service may not be looked up, and says so once', async () => {
    const refusing = createKubeClient(
      {
        server: 'http://test',
        fetch: async () => Response.json({ kind: 'Status', reason: 'Forbidden' }, { status: 403 }),
      },
      { fieldManager: 'test' },
    );
    const peers = create(['http://a.test'], refusing);
    await peers.tell(MESSAGE);
    now += 60_000;
    await peers.tell(MESSAGE);
    expect(urls()).toHaveLength(2);
    expect(logs).toEqual(['other replicas could not be looked up']);
  });
});
