// A sandbox cluster as tests connect to it, and a switch that makes it unreachable.

import type { ClusterTransport } from '../../src/platform.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

export interface SandboxTransport extends ClusterTransport {
  /** While true, every request fails as a lost connection does. */
  away: boolean;
  /** Method and path of every request, newest last. */
  readonly requests: string[];
  /** Those whose answers go on: watches and logs that are followed. */
  readonly open: readonly string[];
  /** Loses the connections of those. */
  cut(): void;
}

export function connectSandbox(more: Pick<SandboxOptions, 'callWebhook'> = {}): SandboxTransport {
  const sandbox = createSandbox({
    ...more,
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const server = 'http://sandbox.test';
  const transport: SandboxTransport = {
    server,
    away: false,
    requests: [],
    get open() {
      return [...going.values()];
    },
    cut: () => {
      for (const end of going.keys()) end();
    },
    fetch: async (path, init) => {
      const request = `${init?.method ?? 'GET'} ${path}`;
      transport.requests.push(request);
      if (transport.away) throw new TypeError('fetch failed: connection refused');
      const response = await sandbox.fetch(new Request(`${server}${path}`, init));
      return /[?&](watch|follow)=true/.test(path) ? followed(response, request) : response;
    },
  };
  const going = new Map<() => void, string>();
  function followed(response: Response, request: string): Response {
    const reader = response.body?.getReader();
    if (!reader || !response.ok) return response;
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    const cut = () => {
      lost.reject(new TypeError('terminated'));
      reader.cancel().catch(() => undefined);
    };
    going.set(cut, request);
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await Promise.race([reader.read(), lost.promise]);
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        going.delete(cut);
      },
      async cancel() {
        going.delete(cut);
        await reader.cancel();
      },
    });
    return new Response(body, response);
  }
  return transport;
}
