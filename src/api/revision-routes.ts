// What is known of an Application's revisions: commits with their authors, charts, artifacts; its sync windows, and the links that argocd-cm
// has for it.

import * as z from 'zod';
import { applicationLinks } from './application-links.ts';
import { type ApiParts, type Route, route } from './route.ts';
import { applicationQuery, int64 } from './schema/values.ts';

const ONE = '/api/v1/applications/:name';
const REVISION = `${ONE}/revisions/:revision`;

const query = z.object({ sourceIndex: int64.optional(), versionId: int64.optional(), ...applicationQuery });

const shownWindow = z.object({
  kind: z.string(),
  schedule: z.string(),
  duration: z.string(),
  manualSync: z.boolean(),
});

export function revisionRoutes({ hawser, platform }: ApiParts): readonly Route[] {
  const { editing } = hawser;
  return [
    route({
      method: 'GET',
      path: `${REVISION}/metadata`,
      summary: 'Author, date, message and tags of a commit',
      need: { kind: 'application', action: 'get' },
      query,
      answer: z.object({
        author: z.string(),
        date: z.string(),
        message: z.string(),
        tags: z.array(z.string()).optional(),
      }),
      handle: (call) => editing.revisionMetadata(call.application(), call.param('revision'), call.query),
    }),
    route({
      method: 'GET',
      path: `${REVISION}/chartdetails`,
      summary: 'Description, home and maintainers of a chart',
      need: { kind: 'application', action: 'get' },
      query,
      answer: z.object({
        description: z.string().optional(),
        home: z.string().optional(),
        maintainers: z.array(z.string()).optional(),
      }),
      handle: (call) => editing.chartDetails(call.application(), call.param('revision'), call.query),
    }),
    route({
      method: 'GET',
      path: `${REVISION}/ocimetadata`,
      summary: 'What an OCI artifact says of itself',
      need: { kind: 'application', action: 'get' },
      query,
      answer: z.record(z.string(), z.string()),
      handle: (call) => editing.ociMetadata(call.application(), call.param('revision'), call.query),
    }),
    route({
      method: 'GET',
      path: `${ONE}/syncwindows`,
      summary: 'The sync windows that concern an Application, and whether it may be synced now',
      need: { kind: 'application', action: 'get' },
      query: z.object(applicationQuery),
      answer: z.object({
        activeWindows: z.array(shownWindow).optional(),
        assignedWindows: z.array(shownWindow).optional(),
        canSync: z.boolean(),
      }),
      handle: (call) => editing.windows(call.application()),
    }),
    route({
      method: 'GET',
      path: `${ONE}/links`,
      summary: 'The links that argocd-cm has for Applications (application.links)',
      need: { kind: 'application', action: 'get' },
      query: z.object({ namespace: z.string().optional(), ...applicationQuery }),
      answer: z.object({
        items: z.array(
          z.object({
            title: z.string(),
            url: z.string(),
            description: z.string().optional(),
            iconClass: z.string().optional(),
          }),
        ),
      }),
      handle: async (call) => ({
        items: applicationLinks(await editing.config(), call.application(), platform.log),
      }),
    }),
  ];
}
