// workerd alone, without Miniflare: the Worker's bundle, its storage in a folder, the cluster behind a service binding that goes there by
// plain HTTP.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { COMPATIBILITY_DATE, COMPATIBILITY_FLAGS } from '../src/node/miniflare.ts';

export interface WorkerdOptions {
  /** What it is given and what it keeps lies there. */
  readonly folder: string;
  readonly script: string;
  /** `http://127.0.0.1:6443` */
  readonly cluster: string;
  readonly bindings: Readonly<Record<string, string>>;
}

export interface Workerd {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Starts it; it listens then, and nothing has been asked of it. */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  const { folder, script } = options;
  mkdirSync(join(folder, 'storage'), { recursive: true });
  writeFileSync(join(folder, 'worker.js'), script);
  writeFileSync(join(folder, 'config.capnp'), configText(options));
  const child = spawn(workerdProgram(), ['serve', '--experimental', '--control-fd=3', join(folder, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const port = await listeningPort(child.stdio[3] as Readable);
  return { child, url: `http://127.0.0.1:${port}` };
}

/** Of the workerd that Miniflare starts. */
function workerdProgram(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('miniflare'));
  return (require('workerd') as { readonly default: string }).default;
}

/** It tells there, line by line, which sockets it has. */
async function listeningPort(control: Readable): Promise<number> {
  let text = '';
  for await (const chunk of control) {
    text += String(chunk);
    const port = /"socket":"http","port":(\d+)/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`workerd did not start: ${text}`);
}

function configText({ folder, cluster, bindings }: WorkerdOptions): string {
  const texts = Object.entries({ ...bindings, KUBE_SERVER: cluster }).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "hawser", worker = .hawser),
    (name = "cluster", external = (address = ${JSON.stringify(new URL(cluster).host)}, http = ())),
    (name = "storage", disk = (path = ${JSON.stringify(join(folder, 'storage'))}, writable = true)),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "hawser")],
);
const hawser :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  compatibilityFlags = ${JSON.stringify(COMPATIBILITY_FLAGS)},
  bindings = [
    ${texts.join(',\n    ')},
    (name = "CLUSTER", service = "cluster"),
    (name = "HAWSER", durableObjectNamespace = "HawserObject"),
  ],
  durableObjectNamespaces = [(className = "HawserObject", uniqueKey = "hawser", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
);
`;
}
