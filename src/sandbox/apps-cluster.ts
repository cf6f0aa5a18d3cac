// The cluster of `hawser serve --apps`: a place in this process where Applications, projects, Secrets and settings lie that are files of
// the user's, for a cluster that knows no Applications. What they deploy goes to the real cluster.

import { NOTICE_PATH, noticeConfiguration } from '../application/install-notices.ts';
import { createKubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { prepareHome } from '../operation/prepare-home.ts';
import type { ClusterTransport } from '../platform.ts';
import { createSandbox } from './sandbox.ts';
import type { Change } from './storage/store.ts';

export interface AppsClusterOptions {
  readonly namespace: string;
  /** Of an earlier life, as `onChange` was told of it. */
  readonly contents: readonly { readonly storage: string; readonly object: KubeObject }[];
  /** Told of each change before the request that caused it is answered. */
  readonly onChange: (change: Change) => void;
}

export interface AppsCluster {
  readonly transport: ClusterTransport;
  /** Tells from now on of each write that is not hawser's own, as an API server does by admission notices. */
  registerNotices(handler: (request: Request) => Response | Promise<Response>): Promise<void>;
  close(): void;
}

/** No address of a network: it is asked in the process. */
const SERVER = 'http://apps.invalid';

export async function createAppsCluster(options: AppsClusterOptions): Promise<AppsCluster> {
  const { namespace, contents, onChange } = options;
  const noticeUrl = `https://hawser.${namespace}.svc${NOTICE_PATH}`;
  let takeNotice: ((request: Request) => Response | Promise<Response>) | undefined;
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    callWebhook: async (url, init) => takeNotice?.(new Request(url, init)) ?? new Response(null, { status: 503 }),
    contents,
    onChange,
  });
  const transport: ClusterTransport = {
    server: SERVER,
    fetch: (path, init) => sandbox.fetch(new Request(`${SERVER}${path}`, init)),
  };
  const client = createKubeClient(transport, { fieldManager: 'hawser' });
  await prepareHome(client, namespace);
  return {
    transport,
    registerNotices: async (handler) => {
      takeNotice = handler;
      await client.create(noticeConfiguration({ namespace, url: noticeUrl }));
    },
    close: () => sandbox.close(),
  };
}
