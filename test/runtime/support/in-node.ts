// hawser as a process of Node: `hawser serve` with a kubeconfig.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listen } from '../../../src/node/listen.ts';
import type { ClusterTransport } from '../../../src/platform.ts';
import { startHawser } from '../../support/hawser-process.ts';
import type { Life, LifeOptions } from './runtime.ts';

/** What belongs to one connection, and is not passed on. */
const OWN_HEADERS = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];

export async function startInNode(options: LifeOptions): Promise<Life> {
  const { cluster, folder, token, namespace } = options;
  await mkdir(folder, { recursive: true });
  const listening = await listen((request) => passOn(cluster, request), { host: '127.0.0.1', port: 0 });
  const kubeconfig = join(folder, 'kubeconfig');
  const context = { name: 'test', context: { cluster: 'test', user: 'test' } };
  const clusters = [{ name: 'test', cluster: { server: listening.url } }];
  const users = [{ name: 'test', user: {} }];
  const config = { apiVersion: 'v1', kind: 'Config', clusters, users, contexts: [context], 'current-context': 'test' };
  await writeFile(kubeconfig, JSON.stringify(config));
  const flags = ['--kubeconfig', kubeconfig, '--namespace', namespace, '--port', '0', '--data', join(folder, 'data')];
  const more = [
    ...(options.alongside ? ['--alongside'] : []),
    ...(options.insecureWebhooks ? ['--insecure-webhooks'] : []),
    ...(options.externalUrl ? ['--external-url', options.externalUrl] : []),
  ];
  const { PATH = '/usr/bin:/bin' } = process.env;
  const env = { PATH, HOME: folder, TMPDIR: folder, HAWSER_TOKEN: token };
  const child = startHawser(['serve', ...flags, ...more, '--log-format', 'json'], { env });
  try {
    const [, url = ''] = await child.waitFor(/"hawser serves","url":"([^"]+)"/);
    const end = async (signal: NodeJS.Signals) => {
      await child.end(signal);
      await listening.close();
    };
    return {
      url,
      logs: () => child.output().stderr.split('\n').concat(child.output().stdout.split('\n')).filter(Boolean),
      end: () => end('SIGTERM'),
      kill: () => end('SIGKILL'),
    };
  } catch (error) {
    await listening.close();
    throw error;
  }
}

async function passOn(cluster: ClusterTransport, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  for (const name of OWN_HEADERS) headers.delete(name);
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const { method, signal } = request;
  const body = hasBody ? { body: await request.arrayBuffer() } : {};
  const answer = await cluster.fetch(`${pathname}${search}`, { method, headers, signal, ...body });
  const type = answer.headers.get('content-type');
  return new Response(answer.body, { status: answer.status, ...(type && { headers: { 'content-type': type } }) });
}
