// A sandbox cluster as tests connect to it, and a switch that makes it unreachable.

import type { ClusterTransport } from '../../src/platform.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';

export interface SandboxTransport extends ClusterTransport {
  /** While true, every request fails as a lost connection does. */
  away: boolean;
  /** Method and path of every request, newest last. */
  readonly requests: string[];
}

export function connectSandbox(): SandboxTransport {
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const server = 'http://sandbox.test';
  const transport: SandboxTransport = {
    server,
    away: false,
    requests: [],
    fetch: async (path, init) => {
      transport.requests.push(`${init?.method ?? 'GET'} ${path}`);
      if (transport.away) throw new TypeError('fetch failed: connection refused');
      return sandbox.fetch(new Request(`${server}${path}`, init));
    },
  };
  return transport;
}
