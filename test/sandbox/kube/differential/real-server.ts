// A transport to the API server of a kubeconfig, by client certificate or token.

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { at, stringAt } from '../../../../src/base/json.ts';
import type { Transport } from './run.ts';

export function transportOfKubeconfig(file: string): Transport {
  const config: unknown = parse(readFileSync(file, 'utf8'));
  const cluster = at(config, 'clusters', 0, 'cluster');
  const user = at(config, 'users', 0, 'user');
  const server = stringAt(cluster, 'server') ?? '';
  const read = (from: unknown, name: string): string | undefined => {
    const data = stringAt(from, `${name}-data`);
    if (data !== undefined) return Buffer.from(data, 'base64').toString();
    const path = stringAt(from, name);
    return path === undefined ? undefined : readFileSync(resolve(dirname(file), path), 'utf8');
  };
  const agent = new Agent({
    keepAlive: true,
    ca: read(cluster, 'certificate-authority'),
    cert: read(user, 'client-certificate'),
    key: read(user, 'client-key'),
  });
  const token = stringAt(user, 'token');
  return (path, init) =>
    new Promise((done, fail) => {
      const headers: Record<string, string> = Object.fromEntries(new Headers(init.headers).entries());
      if (typeof init.body === 'string') headers['Content-Length'] = String(Buffer.byteLength(init.body));
      if (token !== undefined) headers.Authorization = `Bearer ${token}`;
      const outgoing = request(`${server}${path}`, { method: init.method ?? 'GET', agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', fail);
        incoming.on('end', () => {
          const answer = new Headers();
          for (const [name, value] of Object.entries(incoming.headers))
            for (const item of Array.isArray(value) ? value : [value ?? '']) answer.append(name, item);
          const text = Buffer.concat(chunks).toString();
          done(new Response(text === '' ? null : text, { status: incoming.statusCode ?? 500, headers: answer }));
        });
      });
      outgoing.on('error', fail);
      outgoing.end(typeof init.body === 'string' ? init.body : undefined);
    });
}
