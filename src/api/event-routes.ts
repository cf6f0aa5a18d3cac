// Events of Kubernetes: of an Application, of one of its objects, and of a project.

import * as z from 'zod';
import { type ApiParts, type Route, route } from './route.ts';
import { eventsAnswer } from './schema/resource.ts';
import { applicationQuery } from './schema/values.ts';

const text = z.string().default('');

export function eventRoutes({ hawser }: ApiParts): readonly Route[] {
  const { resources } = hawser;
  return [
    route({
      method: 'GET',
      path: '/api/v1/applications/:name/events',
      summary: 'Events of an Application, or of the object that is named',
      need: { kind: 'application', action: 'get' },
      query: z.object({ resourceNamespace: text, resourceName: text, resourceUID: text, ...applicationQuery }),
      answer: eventsAnswer,
      handle: (call) => {
        const { resourceNamespace: namespace, resourceName: name, resourceUID: uid } = call.query;
        const subject = name === '' && uid === '' ? undefined : { namespace, name, uid };
        return resources.events(call.application(), subject, call.request.signal);
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/projects/:project/events',
      summary: 'Events of a project',
      need: { kind: 'object', resource: 'projects', action: 'get', object: (call) => call.param('project') },
      answer: eventsAnswer,
      handle: (call) => resources.projectEvents(call.param('project'), call.request.signal),
    }),
  ];
}
