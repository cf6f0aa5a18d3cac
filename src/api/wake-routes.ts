// POST /api/wake: hawser looks at everything, as at a start, and answers when there is nothing left to do, or after a while.

import * as z from 'zod';
import type { Hawser } from '../operation/hawser.ts';
import { type Route, route } from './route.ts';

export function wakeRoutes({ hawser }: { readonly hawser: Pick<Hawser, 'wake'> }): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/wake',
      summary: 'Look at everything, as at a start, and answer when nothing is left to do, or after a while.',
      need: { kind: 'machine' },
      answer: z.object({ isIdle: z.boolean() }),
      handle: () => hawser.wake(),
    }),
  ];
}
