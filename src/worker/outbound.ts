// What workerd cannot do, the process that launched it may do instead: where there is the binding OUTBOUND (npm run dev).

import { frameMessage, KEY_HEADER, throwFailure } from '../base/far-side.ts';
import type { OutboundRequest, OutboundTarget } from '../platform.ts';
import type { WorkerEnvironment } from './bindings.ts';

export type FarBindings = Pick<WorkerEnvironment, 'OUTBOUND' | 'BINDING_KEY'>;

/** Makes a request to `target` on the far side, and throws what is thrown there; undefined without one. */
export function openOutbound({ OUTBOUND, BINDING_KEY = '' }: FarBindings) {
  if (!OUTBOUND) return undefined;
  return async (target: OutboundTarget, init: RequestInit): Promise<Response> => {
    const { method = 'GET', redirect = 'follow', signal } = init;
    const body = new Response(init.body);
    const headers = new Headers(init.headers);
    // As fetch does it, by the kind of the body.
    const type = body.headers.get('content-type');
    if (type !== null && !headers.has('content-type')) headers.set('content-type', type);
    const request: OutboundRequest = { ...target, method, headers: [...headers], redirect };
    const response = await OUTBOUND.fetch('http://outbound/', {
      method: 'POST',
      headers: { [KEY_HEADER]: BINDING_KEY },
      body: frameMessage(request, new Uint8Array(await body.arrayBuffer())),
      // One that is left over is the caller's.
      redirect: 'manual',
      ...(signal && { signal }),
    });
    return throwFailure(response);
  };
}
