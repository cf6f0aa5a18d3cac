// Logs of Pods: of one, and of all that an object or a whole Application has.

import * as z from 'zod';
import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { LogEntry, LogQuery } from '../operation/logs/read-logs.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { logAnswer } from './schema/resource.ts';
import { applicationQuery, flag, int64 } from './schema/values.ts';
import { streamAnswer, untilGone } from './stream.ts';
import { createTrust } from './trust.ts';

const ONE = '/api/v1/applications/:name';

/** Argo CD's clients send what they do not set as an empty text. */
const empty = z.literal('').transform(() => undefined);
const text = z.union([empty, z.string()]).optional();
const truth = z.union([empty, flag]).optional();
const whole = z.union([empty, int64]).optional();

const query = z.object({
  namespace: text,
  container: text,
  sinceSeconds: whole,
  /** RFC 3339. */
  sinceTime: text,
  'sinceTime.seconds': whole,
  'sinceTime.nanos': whole,
  tailLines: whole,
  follow: truth,
  untilTime: text,
  filter: text,
  matchCase: truth,
  previous: truth,
  kind: text,
  group: text,
  resourceName: text,
  podName: text,
  version: text,
  ...applicationQuery,
});

type Query = z.output<typeof query>;

export function logRoutes(parts: ApiParts): readonly Route[] {
  const { hawser, platform } = parts;
  const { log } = platform;
  const answer = async (call: Call<Query>, podName: string | undefined) => {
    const app = call.application();
    call.require('logs', 'get', call.objectOf(app));
    const { signal, leave } = untilGone(call.request);
    const entries = await hawser.resources.logs(app, logQuery(call.query, podName), signal);
    return streamAnswer(call.request, permitted(parts, call, app, entries), { leave, log });
  };
  return [
    route({
      method: 'GET',
      path: `${ONE}/logs`,
      summary: 'The logs of an object’s Pods, merged by time; of all Pods where no object is named',
      need: { kind: 'application', action: 'get' },
      query,
      answer: logAnswer,
      isStream: true,
      handle: (call) => answer(call, call.query.podName),
    }),
    route({
      method: 'GET',
      path: `${ONE}/pods/:podName/logs`,
      summary: 'The log of one Pod',
      need: { kind: 'application', action: 'get' },
      query,
      answer: logAnswer,
      isStream: true,
      handle: (call) => answer(call, call.param('podName')),
    }),
  ];
}

/** As long as whoever reads may. */
async function* permitted(
  parts: ApiParts,
  call: Call<Query>,
  app: Application,
  entries: AsyncGenerator<LogEntry, void, undefined>,
): AsyncGenerator<LogEntry, void, undefined> {
  const rightsNow = createTrust(parts, call);
  for await (const entry of entries) {
    if (!(await rightsNow()).may('logs', 'get', call.objectOf(app))) {
      throw new HawserError('Forbidden', 'permission denied');
    }
    yield entry;
  }
}

function logQuery(query: Query, podName: string | undefined): LogQuery {
  const {
    container,
    sinceSeconds = 0,
    tailLines = 0,
    follow,
    previous,
    namespace,
    filter,
    matchCase,
    untilTime,
  } = query;
  const sinceTime = sinceTimeOf(query);
  const { group, kind, resourceName } = query;
  const name = podName ?? resourceName;
  return {
    ...(container && { container }),
    ...(sinceSeconds > 0 && { sinceSeconds }),
    ...(sinceTime && { sinceTime }),
    ...(tailLines > 0 && { tailLines }),
    ...(follow && { follow }),
    ...(previous && { previous }),
    ...(namespace && { namespace }),
    ...(group && podName === undefined && { group }),
    ...(podName === undefined ? kind && { kind } : { kind: 'Pod' }),
    ...(name && { name }),
    ...(filter && { filter }),
    ...(matchCase && { matchCase }),
    ...(untilTime && { untilTime }),
  };
}

/** grpc-gateway takes a time apart. */
function sinceTimeOf({ sinceTime, 'sinceTime.seconds': seconds }: Query): string | undefined {
  if (seconds !== undefined) return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  return sinceTime;
}
