// hawser serve with a certificate of its own.

import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServingCertificate } from '../../src/node/serving-certificate.ts';
import { createDemoCluster } from '../../src/sandbox/demo-cluster.ts';
import { formatKubeconfig } from '../../src/sandbox/listen/kubeconfig.ts';
import { type Listening, listen } from '../../src/sandbox/listen/listen.ts';
import { freePort } from '../support/control-plane.ts';
import { createHome, type Home, runHawser, startHawser } from '../support/hawser-process.ts';

const NAMES = ['localhost', '127.0.0.1'];
const first = createServingCertificate(NAMES, Date.now());
const second = createServingCertificate(NAMES, Date.now());

let home: Home;
let api: Listening;
let args: readonly string[];
const path = (name: string) => join(home.folder, name);

function place(pair: { readonly cert: string; readonly key: string }): void {
  writeFileSync(path('tls.crt'), pair.cert);
  writeFileSync(path('tls.key'), pair.key);
}

function statusOf(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('hawser serve with --tls-cert and --tls-key', () => {
  beforeAll(async () => {
    home = createHome();
    const cluster = await createDemoCluster('argocd');
    api = await listen((asked) => {
      const { pathname, search } = new URL(asked.url);
      const hasBody = asked.method !== 'GET' && asked.method !== 'HEAD';
      const { method, headers, body } = asked;
      return cluster.fetch(`${pathname}${search}`, {
        method,
        headers,
        ...(hasBody && { body, duplex: 'half' }),
      } as RequestInit);
    });
    writeFileSync(path('kubeconfig'), formatKubeconfig(api.url));
    args = ['serve', '--kubeconfig', path('kubeconfig'), '--port', '0'];
  });
  afterAll(async () => {
    await api?.close();
    home?.remove();
  });

  it('speaks HTTPS, takes a new certificate by SIGHUP, and goes on', async () => {
    place(first);
    const metricsPort = await freePort();
    const tls = ['--tls-cert', path('tls.crt'), '--tls-key', path('tls.key')];
    const server = startHawser([...args, ...tls, '--metrics-port', String(metricsPort)], { env: home.env });
    const [, url = ''] = await server.waitFor(/"hawser serves","url":"(https:[^"]+)"/);
    expect(await statusOf(`${url}/healthz`, first.cert)).toBe(200);
    // Prometheus asks beside it, as it asks Argo CD.
    const metrics = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    expect(await metrics.text()).toContain('# TYPE process_start_time_seconds gauge');
    expect((await fetch(`http://127.0.0.1:${metricsPort}/api/v1/applications`)).status).toBe(404);
    place(second);
    process.kill(server.pid, 'SIGHUP');
    await server.waitFor(/the TLS certificate was read anew/);
    expect(await statusOf(`${url}/healthz`, second.cert)).toBe(200);
    expect((await server.end('SIGTERM')).code).toBe(0);
  });

  it.each([
    { given: ['--tls-cert', 'tls.crt'], message: '--tls-key is missing (--tls-cert and --tls-key go together' },
    { given: ['--tls-key', 'tls.key'], message: '--tls-cert is missing' },
    { given: ['--tls-cert', '/nope.crt', '--tls-key', '/nope.key'], message: '--tls-cert /nope.crt cannot be read' },
  ])('says in one line what is wrong with $given', async ({ given, message }) => {
    const { code, stderr } = await runHawser([...args, ...given], { env: home.env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Error: .*\n$/);
    expect(stderr).toContain(message);
  });
});
