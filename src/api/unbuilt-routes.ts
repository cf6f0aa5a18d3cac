// Parts of Argo CD's API that hawser shows as far as they are there, and cannot change: keys of signers, notifications, ApplicationSets.

import * as z from 'zod';
import { HawserError } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { isUnknownKind } from '../kube/refusal.ts';
import { configData } from '../operation/settings.ts';
import { presentObject } from './present-object.ts';
import { type ApiParts, type Method, type Need, type Route, route } from './route.ts';
import { texts } from './schema/values.ts';

const GPG = '/api/v1/gpgkeys';
const SETS = '/api/v1/applicationsets';
const SET = { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet' };

const items = z.object({ metadata: z.object({}).optional(), items: z.array(z.looseObject({})) });

export function unbuiltRoutes(parts: ApiParts): readonly Route[] {
  return [...gpgRoutes(parts), ...notificationRoutes(parts), ...applicationSetRoutes(parts)];
}

function gpgRoutes({ hawser, platform }: ApiParts): readonly Route[] {
  async function read(): Promise<Record<string, string>> {
    const { namespace } = platform.settings;
    const name = 'argocd-gpg-keys-cm';
    return configData(await hawser.home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }));
  }
  const need = (action: string): Need => ({ kind: 'object', resource: 'gpgkeys', action, object: () => '' });
  const hint = 'hawser verifies no signatures; kubectl edits the ConfigMap argocd-gpg-keys-cm';
  return [
    route({
      method: 'GET',
      path: GPG,
      summary: 'The keys of signers that argocd-gpg-keys-cm has, by their ids.',
      need: need('get'),
      answer: items,
      handle: async () => ({
        metadata: {},
        items: Object.keys(await read())
          .sort()
          .map((keyID) => ({ keyID })),
      }),
    }),
    route({
      method: 'GET',
      path: `${GPG}/:keyID`,
      summary: 'A key of a signer.',
      need: need('get'),
      handle: async (call) => {
        const keyID = call.param('keyID').slice(-16).toUpperCase();
        const keyData = (await read())[keyID];
        if (keyData === undefined) throw new HawserError('NotFound', `no such key: ${keyID}`);
        return { keyID, keyData };
      },
    }),
    unbuilt('POST', GPG, need('create'), 'keys of signers cannot be added', hint),
    unbuilt('DELETE', GPG, need('delete'), 'keys of signers cannot be removed', hint),
  ];
}

function notificationRoutes({ hawser, platform }: ApiParts): readonly Route[] {
  const { namespace } = platform.settings;
  return (['services', 'triggers', 'templates'] as const).map((what) =>
    route({
      method: 'GET',
      path: `/api/v1/notifications/${what}`,
      summary: `The names of the ${what} of argocd-notifications-cm.`,
      need: { kind: 'session' },
      answer: items,
      handle: async () => {
        const name = 'argocd-notifications-cm';
        const data = configData(await hawser.home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }));
        const prefix = `${what.slice(0, -1)}.`;
        const names = Object.keys(data).filter((key) => key.startsWith(prefix));
        return { items: names.sort().map((key) => ({ name: key.slice(prefix.length) })) };
      },
    }),
  );
}

function applicationSetRoutes({ hawser, platform }: ApiParts): readonly Route[] {
  const { namespace } = platform.settings;
  const hint = 'hawser generates no Applications: make them by themselves, or by an Application of Applications';
  const query = z.looseObject({ projects: texts.optional(), selector: z.string().optional() });
  const session: Need = { kind: 'session' };
  const need = (action: string): Need => ({ kind: 'object', resource: 'applicationsets', action, object: () => '*/*' });

  async function list(selector = ''): Promise<readonly KubeObject[]> {
    try {
      const options = { namespace, ...(selector && { labelSelector: selector }) };
      return (await hawser.home.list(SET, options)).items;
    } catch (error) {
      if (isUnknownKind(error)) return [];
      throw error;
    }
  }

  return [
    route({
      method: 'GET',
      path: SETS,
      summary: 'The ApplicationSets that are in the cluster, which nobody works on.',
      need: session,
      query,
      answer: items,
      handle: async ({ query: { projects = [], selector }, rights }) => {
        const found = (await list(selector)).filter((set) => {
          const isWanted = projects.length === 0 || projects.includes(projectOf(set));
          return isWanted && rights.may('applicationsets', 'get', objectOf(set));
        });
        return { metadata: {}, items: found.map(presentObject) };
      },
    }),
    route({
      method: 'GET',
      path: `${SETS}/:name`,
      summary: 'An ApplicationSet, which nobody works on.',
      need: session,
      handle: async (call) => {
        const name = call.param('name');
        const found = (await list()).find(({ metadata }) => metadata.name === name);
        if (!found) {
          call.require('applicationsets', 'get', `*/${name}`);
          throw new HawserError('NotFound', `applicationsets.argoproj.io "${name}" not found`);
        }
        call.require('applicationsets', 'get', objectOf(found));
        return presentObject(found);
      },
    }),
    unbuilt('POST', SETS, need('create'), 'ApplicationSets are not built', hint),
    unbuilt('POST', `${SETS}/generate`, need('create'), 'ApplicationSets are not built', hint),
    unbuilt('DELETE', `${SETS}/:name`, need('delete'), 'ApplicationSets are not built', hint),
  ];
}

function projectOf(set: KubeObject): string {
  return stringAt(set.spec, 'template', 'spec', 'project') ?? '';
}

function objectOf(set: KubeObject): string {
  return `${projectOf(set)}/${set.metadata.name}`;
}

/** 501, as Argo CD answers for what it does not have. */
function unbuilt(method: Method, path: string, need: Need, message: string, hint: string): Route {
  return route({
    method,
    path,
    summary: 'Not built: 501.',
    need,
    handle: async () => {
      throw new HawserError('Unsupported', message, { hint });
    },
  });
}
