// hawser as a process of Node: `hawser serve` with a kubeconfig.

import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ClusterTransport } from '../../../src/platform.ts';
import { freePort } from '../../support/control-plane.ts';
import { startHawser } from '../../support/hawser-process.ts';
import type { Life, LifeOptions } from './runtime.ts';

/** What belongs to one connection, and is not passed on. */
const OWN_HEADERS = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];

export async function startInNode(options: LifeOptions): Promise<Life> {
  const { cluster, folder, token, namespace } = options;
  await mkdir(folder, { recursive: true });
  const listening = await serveCluster(cluster);
  const noticePort = options.hasNotices ? await freePort() : undefined;
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
    ...(noticePort === undefined ? [] : ['--notice-port', String(noticePort)]),
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
      ...(noticePort !== undefined && { noticeUrl: `https://127.0.0.1:${noticePort}` }),
      logs: () => child.output().stderr.split('\n').concat(child.output().stdout.split('\n')).filter(Boolean),
      end: () => end('SIGTERM'),
      kill: () => end('SIGKILL'),
    };
  } catch (error) {
    await listening.close();
    throw error;
  }
}

/** The cluster behind an address. What it fails at loses the connection, as of a cluster that is away. */
async function serveCluster(cluster: ClusterTransport): Promise<{ readonly url: string; close(): Promise<void> }> {
  const listener = getRequestListener(async (request, { outgoing }) => {
    try {
      return await passOn(cluster, request, () => outgoing.destroy());
    } catch {
      outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    }
  });
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function passOn(cluster: ClusterTransport, request: Request, lose: () => void): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  for (const name of OWN_HEADERS) headers.delete(name);
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const { method, signal } = request;
  const body = hasBody ? { body: await request.arrayBuffer() } : {};
  const answer = await cluster.fetch(`${pathname}${search}`, { method, headers, signal, ...body });
  const passed = new Headers(answer.headers);
  for (const name of ['content-encoding', 'content-length']) passed.delete(name);
  const shown = answer.body && losing(answer.body, lose);
  return new Response(shown, { status: answer.status, headers: passed });
}

/** The same, but what it fails at is called instead of told. */
function losing(body: ReadableStream<Uint8Array>, lose: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch {
        lose();
        controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
