// `hawser app sync` that is interrupted, that takes too long, or whose server has no stream.

import { describe, expect, it } from 'vitest';
import { appCommand } from '../../src/cli/app.ts';
import { Interruption } from '../../src/cli/io.ts';
import type { ServerAnswer } from '../../src/cli/server-http.ts';
import { captureIo } from '../support/captured-io.ts';

function application(resourceVersion: number, phase: string | undefined, operation?: object) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web', namespace: 'argocd', resourceVersion: String(resourceVersion) },
    spec: { project: 'default', source: { repoURL: 'https://g', path: 'p' }, destination: {} },
    status: {
      sync: { status: 'Synced', revision: 'abc' },
      ...(phase && { operationState: { phase, startedAt: 'T', operation: {} } }),
    },
    ...(operation && { operation }),
  };
}

type Reply = { readonly status?: number; readonly body: AsyncIterable<Uint8Array> | object };

/** A server that answers by a table of `METHOD path`; what is not in it is not there. */
function serverOf(replies: Readonly<Record<string, () => Reply>>) {
  const asked: string[] = [];
  const fetch = async (url: string, { method }: { method: string }): Promise<ServerAnswer> => {
    const { pathname } = new URL(url);
    asked.push(`${method} ${pathname}`);
    const { status = 200, body } = replies[`${method} ${pathname}`]?.() ?? {
      status: 404,
      body: { message: 'not there' },
    };
    const isStream = Symbol.asyncIterator in body;
    return {
      ...{ status, ok: status < 300, headers: { get: () => null } },
      body: isStream ? body : null,
      text: async () => JSON.stringify(body),
    };
  };
  return { address: { url: 'http://server.test', token: 't', fetch }, asked };
}

const line = (type: string, app: object) =>
  new TextEncoder().encode(`${JSON.stringify({ result: { type, application: app } })}\n`);

async function sync(server: ReturnType<typeof serverOf>, args: readonly string[], interrupted?: AbortSignal) {
  const { io, output } = captureIo('/');
  const signal = interrupted ?? io.interrupted;
  const outcome = await appCommand(
    ['sync', 'web', ...args],
    { ...io, interrupted: signal },
    {
      openServer: async () => ({ ...server.address, signal }),
      openFolder: () => Promise.reject(new Error('unused')),
      renderLocal: () => Promise.reject(new Error('unused')),
    },
  ).catch((error: unknown) => error);
  return { outcome, ...output() };
}

const SYNC = 'POST /api/v1/applications/web/sync';
const STREAM = 'GET /api/v1/stream/applications';
const GET = 'GET /api/v1/applications/web';
const begun = () => ({ body: application(5, 'Succeeded', { sync: {} }) });

/** Says what is given, and then nothing more until `end` aborts. */
async function* saying(parts: readonly Uint8Array[], end?: AbortSignal) {
  yield* parts;
  await new Promise((_, reject) => end?.addEventListener('abort', () => reject(end.reason)));
}

describe('hawser app sync', () => {
  it('opens the stream before it begins, and takes no earlier operation for its own', async () => {
    const parts = [
      line('ADDED', application(4, 'Failed')),
      line('MODIFIED', application(5, 'Failed', { sync: {} })),
      line('MODIFIED', application(6, 'Running')),
      line('MODIFIED', application(7, 'Succeeded')),
    ];
    const server = serverOf({ [STREAM]: () => ({ body: saying(parts) }), [SYNC]: begun });
    const { outcome, stderr } = await sync(server, []);
    expect({ outcome, stderr }).toEqual({ outcome: 0, stderr: '' });
    expect(server.asked).toEqual([STREAM, SYNC]);
  });

  it.each([
    { title: 'has no stream', stream: () => ({ status: 404, body: { message: 'no such path' } }) },
    { title: 'ends it', stream: () => ({ body: (async function* () {})() }) },
  ])('looks again and again where the server $title', async ({ stream }) => {
    let looks = 0;
    const look = () => ({ body: ++looks < 3 ? application(6, 'Running') : application(7, 'Failed') });
    const server = serverOf({ [STREAM]: stream, [SYNC]: begun, [GET]: look });
    const { outcome, stderr } = await sync(server, []);
    expect({ outcome, looks }).toEqual({ outcome: 1, looks: 3 });
    expect(stderr).toBe('Error: Operation has completed with phase: Failed\n');
  });

  it('says at Ctrl-C that the operation goes on, and how to end it', async () => {
    const stop = new AbortController();
    const reason = new Interruption('interrupted');
    const stream = () => {
      setTimeout(() => stop.abort(reason), 20);
      return { body: saying([line('MODIFIED', application(6, 'Running'))], stop.signal) };
    };
    const { outcome, stderr } = await sync(serverOf({ [STREAM]: stream, [SYNC]: begun }), [], stop.signal);
    expect(outcome).toBe(reason);
    expect(stderr).toBe(
      'The operation goes on: hawser app wait web --operation waits for it, hawser app terminate-op web ends it.\n',
    );
  });

  it('says after --timeout that the operation goes on', async () => {
    const server = serverOf({
      [STREAM]: () => ({ status: 501, body: {} }),
      [SYNC]: begun,
      [GET]: () => ({ body: application(6, 'Running') }),
    });
    const { outcome } = await sync(server, ['--timeout', '0.3']);
    expect(outcome).toMatchObject({
      code: 'Timeout',
      message: 'the operation of web did not end within 0.3 s; it goes on',
    });
  });

  it('does not begin to follow what is refused', async () => {
    const refused = () => ({ status: 403, body: { message: 'permission denied', code: 7 } });
    const server = serverOf({ [STREAM]: () => ({ body: saying([]) }), [SYNC]: refused });
    expect((await sync(server, [])).outcome).toMatchObject({ code: 'Forbidden', message: 'permission denied' });
  });
});
