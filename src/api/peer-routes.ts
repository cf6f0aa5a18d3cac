// What the replicas of hawser tell each other (operation/replicas.ts).

import * as z from 'zod';
import type { Hawser } from '../operation/hawser.ts';
import { type Route, route } from './route.ts';
import { int64 } from './schema/values.ts';

/** Nobody is looked at later than this, whatever a message says. */
const LONGEST_MS = 3_600_000;

const identity = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$/, 'is no name of a replica');

const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('leaving'), identity }),
  z.object({
    kind: z.literal('application'),
    identity,
    application: z.string().min(1, 'is missing'),
    after: z.string().optional(),
  }),
  z.object({
    kind: z.literal('busy'),
    identity,
    version: z.string().min(1, 'is missing'),
    forMs: int64.default(0).transform((value) => Math.min(Math.max(value, 0), LONGEST_MS)),
  }),
]);

export function peerRoutes({ hawser }: { readonly hawser: Pick<Hawser, 'peer' | 'identity'> }): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/peer',
      summary: 'A replica tells the others something.',
      need: { kind: 'machine' },
      body: message,
      answer: z.object({ identity: z.string() }),
      status: 202,
      handle: async (call) => {
        const { body } = call;
        if (body.kind === 'application') {
          const { after, ...more } = body;
          await hawser.peer({ ...more, ...(after !== undefined && { after }) });
        } else await hawser.peer(body);
        return { identity: hawser.identity };
      },
    }),
  ];
}
