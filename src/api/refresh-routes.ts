// POST /api/refresh, hawser's own: Applications are compared with Git and the cluster, one, those of a repository, or all.

import { z } from 'zod';
import { HawserError } from '../base/errors.ts';
import type { RefreshRequest } from '../operation/hawser.ts';
import { type ApiParts, type Route, route } from './route.ts';

const refreshBody = z.looseObject({
  application: z.string('must be a string').nullish(),
  appNamespace: z.string('must be a string').nullish(),
  repoURL: z.string('must be a string').nullish(),
  all: z.boolean().nullish(),
  /** Compare with this revision instead of targetRevision. */
  revision: z.string('must be a string').nullish(),
  hard: z.boolean().nullish(),
  /** Answer when what was found is recorded. */
  wait: z.boolean().nullish(),
});

/** A name that no policy gives: who may do something with this may do it with every Application. */
const ANY = '*/*';

export function refreshRoutes({ hawser }: ApiParts): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/refresh',
      summary: 'Compare Applications with Git and the cluster: one, those of a repository, or all (hawser’s own)',
      need: { kind: 'session' },
      body: refreshBody,
      answer: z.looseObject({ applications: z.array(z.looseObject({})) }),
      status: 202,
      handle: async (call) => {
        const request = parseRefresh(call.body);
        const { application } = request;
        // Of many, it begins automated syncs.
        if (application === undefined) call.require('applications', 'sync', ANY);
        // Of one, as in Argo CD, it needs no more than reading.
        else if (!call.rights.may('applications', 'get', ANY)) {
          const app = await hawser.getApplication(application, request.appNamespace).catch(() => undefined);
          if (!app) throw new HawserError('Forbidden', 'permission denied');
          call.require('applications', 'get', call.objectOf(app));
        }
        return hawser.refresh(request);
      },
    }),
  ];
}

function parseRefresh({
  application,
  appNamespace,
  repoURL,
  all,
  revision,
  hard,
  wait,
}: z.output<typeof refreshBody>): RefreshRequest {
  if (
    [application, repoURL, all || undefined].filter((choice) => choice !== undefined && choice !== null).length !== 1
  ) {
    throw new HawserError('InvalidInput', 'name what to refresh: one of application, repoURL and all', {
      hint: 'for example {"application": "dev"} or {"all": true}',
    });
  }
  return {
    ...(typeof application === 'string' && { application }),
    ...(appNamespace && { appNamespace }),
    ...(typeof repoURL === 'string' && { repoURL }),
    ...(typeof all === 'boolean' && { all }),
    ...(typeof revision === 'string' && { revision }),
    ...(typeof hard === 'boolean' && { hard }),
    ...(typeof wait === 'boolean' && { wait }),
  };
}
