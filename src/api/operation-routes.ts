// Beginning, ending, approving and taking back operations, in the shapes that Argo CD's clients know.

import * as z from 'zod';
import { otherRevisions } from '../operation/draft-operation.ts';
import { presentApplication } from './present-application.ts';
import { type ApiParts, type Route, route } from './route.ts';
import { applicationAnswer } from './schema/application.ts';
import { applicationQuery, int64 } from './schema/values.ts';
import { applicationFields, retryOf, syncBody, syncRequest } from './sync-body.ts';

const ONE = '/api/v1/applications/:name';

export function operationRoutes({ hawser }: ApiParts): readonly Route[] {
  const isSet = async (key: string) => (await hawser.editing.config())[key] === 'true';
  return [
    route({
      method: 'POST',
      path: `${ONE}/sync`,
      summary: 'Begin a sync',
      need: { kind: 'application', action: 'sync' },
      body: syncBody,
      answer: applicationAnswer,
      handle: async (call) => {
        const app = call.application();
        const request = syncRequest(app, call.body);
        const isOverriding =
          request.manifests !== undefined ||
          (otherRevisions(app, request).length > 0 &&
            (await isSet('application.sync.requireOverridePrivilegeForRevisionSync')));
        if (isOverriding) call.require('applications', 'override', call.objectOf(app));
        const { infos, retryStrategy } = call.body;
        const extras = {
          ...(infos && { info: infos.map(({ name, value }) => ({ name, value })) }),
          ...(retryStrategy && { retry: retryOf(retryStrategy) }),
        };
        return presentApplication(await hawser.requestSync(app, request, call.principal.name, extras));
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/rollback`,
      summary: 'Bring back an entry of the history; without an id, the one before the newest',
      need: {
        kind: 'application',
        action: async () => [(await isSet('server.rbac.rollback.enforce.enable')) ? 'rollback' : 'sync'],
      },
      body: z.looseObject({
        ...applicationFields,
        id: int64.nullish(),
        prune: z.boolean().nullish(),
        dryRun: z.boolean().nullish(),
        /** Turns automated sync off first, instead of refusing; hawser's own. */
        disableAutoSync: z.boolean().nullish(),
      }),
      answer: applicationAnswer,
      handle: async (call) => {
        const { id, prune, dryRun, disableAutoSync } = call.body;
        const app = call.application();
        if (disableAutoSync) call.require('applications', 'update', call.objectOf(app));
        const request = {
          ...(typeof id === 'number' && { id }),
          prune: prune ?? false,
          dryRun: dryRun ?? false,
          disableAutoSync: disableAutoSync ?? false,
        };
        return presentApplication(await hawser.rollback(app, request, call.principal.name));
      },
    }),
    route({
      method: 'DELETE',
      path: `${ONE}/operation`,
      summary: 'End the operation that runs or waits',
      need: { kind: 'application', action: 'sync' },
      query: z.object(applicationQuery),
      answer: z.object({}),
      handle: async (call) => {
        await hawser.terminateOperation(call.application(), call.principal.name);
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/approve-sync`,
      summary: 'Let a sync go on that a sync window holds (hawser’s own)',
      need: { kind: 'application', action: 'sync' },
      query: z.object(applicationQuery),
      answer: applicationAnswer,
      handle: async (call) => presentApplication(await hawser.approveSync(call.application(), call.principal.name)),
    }),
  ];
}
