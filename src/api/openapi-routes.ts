// Where the description of the API is.

import * as z from 'zod';
import { describeApi } from './openapi.ts';
import { type Route, route } from './route.ts';

/** Of these routes and of itself; `/swagger.json` is where Argo CD's description is. */
export function openApiRoutes(routes: readonly Route[], version: string): readonly Route[] {
  let described: unknown;
  const own: readonly Route[] = ['/openapi.json', '/swagger.json'].map((path) =>
    route({
      method: 'GET',
      path,
      summary: 'This description',
      need: { kind: 'open' },
      answer: z.looseObject({ openapi: z.string() }),
      handle: async () => {
        described ??= describeApi([...routes, ...own], version);
        return described;
      },
    }),
  );
  return own;
}
