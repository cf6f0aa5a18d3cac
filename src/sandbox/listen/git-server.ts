// The sandbox's Git server on a port of this machine.

import { createAdaptorServer } from '@hono/node-server';
import type { GitServer } from '../git/server.ts';

export interface ListeningGitServer {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on loopback; port 0 takes a free one. */
export async function listenGitServer(
  git: GitServer,
  { port = 0, host = '127.0.0.1' } = {},
): Promise<ListeningGitServer> {
  const server = createAdaptorServer({ fetch: git.handle });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
