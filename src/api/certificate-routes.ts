// The routes of certificates and host keys of Git servers (Argo CD: server/certificate): a right to all of them, or to none.

import * as z from 'zod';
import { type ApiParts, type Need, type Route, route } from './route.ts';
import { flag } from './schema/values.ts';

const PATH = '/api/v1/certificates';

const query = z.looseObject({
  hostNamePattern: z.string().optional(),
  certType: z.string().optional(),
  certSubType: z.string().optional(),
});

const certificate = z.looseObject({
  serverName: z.string(),
  /** `https` or `ssh`. */
  certType: z.string(),
  certSubType: z.string().default(''),
  certData: z.string().nullish(),
});

const answer = z.object({ metadata: z.object({}), items: z.array(certificate.extend({ certInfo: z.string() })) });

export function certificateRoutes({ hawser: { certificates: book } }: ApiParts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: PATH,
      summary: 'Certificates and host keys of Git servers.',
      need: need('get'),
      query,
      answer,
      handle: async (call) => ({ metadata: {}, items: await book.list(call.query) }),
    }),
    route({
      method: 'POST',
      path: PATH,
      summary: 'Adds certificates and host keys; gives those that are new.',
      need: need('create'),
      query: z.looseObject({ upsert: flag.optional() }),
      body: z.looseObject({ items: z.array(certificate).nullish() }),
      answer,
      handle: async ({ body, query: { upsert } }) => {
        const given = (body.items ?? []).map((item) => ({ ...item, certData: item.certData ?? null }));
        return { metadata: {}, items: await book.add(given, { isUpsert: upsert === true }) };
      },
    }),
    route({
      method: 'DELETE',
      path: PATH,
      summary: 'Removes certificates and host keys; gives those that were removed.',
      need: need('delete'),
      query,
      answer,
      handle: async (call) => ({ metadata: {}, items: await book.remove(call.query) }),
    }),
  ];
}

function need(action: string): Need {
  return { kind: 'object', resource: 'certificates', action, object: () => '' };
}
