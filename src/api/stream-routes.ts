// Changes as they happen: of all Applications that whoever listens may see, and of one Application's tree.

import * as z from 'zod';
import type { Application } from '../application/types.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import { at, stringAt } from '../base/json.ts';
import type { ApplicationEvent } from '../operation/application-hub.ts';
import { parseLabelSelector } from '../render/kustomize/config/label-selector.ts';
import { selectFields } from './fields.ts';
import { presentApplication } from './present-application.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { applicationAnswer } from './schema/application.ts';
import { treeAnswer } from './schema/resource.ts';
import { applicationQuery, applicationSelection } from './schema/values.ts';
import { streamAnswer, untilGone } from './stream.ts';
import { createTrust } from './trust.ts';

const STREAM = '/api/v1/stream/applications';

const query = z.object({ ...applicationSelection, refresh: z.string().optional() });

export function streamRoutes(parts: ApiParts): readonly Route[] {
  const { hawser, platform } = parts;
  const { log } = platform;
  return [
    route({
      method: 'GET',
      path: STREAM,
      summary: 'All Applications that you may see as ADDED, then each change; with resourceVersion only what is newer',
      need: { kind: 'session' },
      query,
      answer: z.object({
        result: z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), application: applicationAnswer }),
      }),
      isStream: true,
      handle: async (call) => {
        const { name, resourceVersion, fields, ...filter } = call.query;
        const { signal, leave } = untilGone(call.request);
        const isWanted = createFilter({ name, ...filter }, platform.settings.namespace);
        // Of one Application nothing must be missed: it is told whatever its version (Argo CD: server/application, Watch).
        const since = name ? undefined : resourceVersion || undefined;
        const events = hawser.streams.applications({ since, isWanted }, signal);
        const told = permitted(parts, call, events, fields);
        return streamAnswer(call.request, told, { leave, log, ...(fields && { keyOf: keyOfEvent }) });
      },
    }),
    route({
      method: 'GET',
      path: `${STREAM}/:name/resource-tree`,
      summary: 'The tree of an Application, then whenever it differs',
      need: { kind: 'application', action: 'get' },
      query: z.object({ fields: z.string().optional(), ...applicationQuery }),
      answer: z.object({ result: treeAnswer }),
      isStream: true,
      handle: async (call) => {
        const { signal, leave } = untilGone(call.request);
        const app = call.application();
        const trees = hawser.streams.tree(app, signal);
        return streamAnswer(call.request, permittedTrees(parts, call, app, trees), { leave, log });
      },
    }),
  ];
}

/** Only of Applications that whoever listens may see at that moment. */
async function* permitted(
  parts: ApiParts,
  call: Call,
  events: AsyncGenerator<ApplicationEvent, void, undefined>,
  fields: string | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const rightsNow = createTrust(parts, call);
  for await (const { type, application } of events) {
    const rights = await rightsNow();
    if (!rights.may('applications', 'get', call.objectOf(application))) continue;
    const event = { result: { type, application: presentApplication(application) } };
    // Paths begin at the whole message, as Argo CD's own do.
    yield at(selectFields(event, fields), 'result') ?? {};
  }
}

async function* permittedTrees(
  parts: ApiParts,
  call: Call,
  app: Application,
  trees: AsyncGenerator<unknown, void, undefined>,
): AsyncGenerator<unknown, void, undefined> {
  const rightsNow = createTrust(parts, call);
  for await (const tree of trees) {
    const rights = await rightsNow();
    if (!rights.may('applications', 'get', call.objectOf(app))) throw new HawserError('Forbidden', 'permission denied');
    yield tree;
  }
}

function createFilter(
  { name, appNamespace, project, projects, selector, repo }: Omit<z.output<typeof query>, 'fields'>,
  controlNamespace: string,
): (app: Application) => boolean {
  const ofProjects = project ?? projects ?? [];
  const matches = readSelector(selector ?? '');
  return ({ metadata, spec }) => {
    if (name && (metadata.name !== name || metadata.namespace !== (appNamespace || controlNamespace))) return false;
    if (appNamespace && metadata.namespace !== appNamespace) return false;
    if (ofProjects.length > 0 && !ofProjects.includes(spec.project || 'default')) return false;
    if (repo && ![spec.source, ...(spec.sources ?? [])].some((source) => source?.repoURL === repo)) return false;
    return matches(new Map(Object.entries(metadata.labels ?? {})));
  };
}

function readSelector(text: string) {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    throw new HawserError('InvalidInput', `selector: ${messageOf(error)}`);
  }
}

function keyOfEvent(event: unknown): string {
  const metadata = at(event, 'application', 'metadata');
  return `${stringAt(metadata, 'namespace') ?? ''}/${stringAt(metadata, 'name') ?? ''}`;
}
