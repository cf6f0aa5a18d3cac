// What an API server serves, in two requests (aggregated discovery), or in one a group where the server is older.

import { mapConcurrent } from '../base/concurrency.ts';
import { isHawserError } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import { groupOf, versionOf } from './object.ts';
import type { ApiResource } from './resource.ts';

const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');
const ACCEPT = `${AGGREGATED},application/json`;
const GROUPS_AT_ONCE = 16;

/** Reads a path as JSON; undefined when it is not there. */
export type ReadJson = (path: string, accept: string) => Promise<unknown>;

export async function discover(read: ReadJson): Promise<readonly ApiResource[]> {
  const [core, groups] = await Promise.all([read('/api', ACCEPT), read('/apis', ACCEPT)]);
  const found = await Promise.all([readRoot(core, read), readRoot(groups, read)]);
  return found.flat();
}

async function readRoot(answer: unknown, read: ReadJson): Promise<ApiResource[]> {
  if (stringAt(answer, 'kind') === 'APIGroupDiscoveryList') return parseAggregated(answer);
  const lists = await mapConcurrent(groupVersions(answer), GROUPS_AT_ONCE, async (groupVersion) => {
    const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
    return parseResourceList(groupVersion, await read(path, 'application/json').catch(skipRefused));
  });
  return lists.flat();
}

/** An extension API server that is away takes its own group along, not the others. */
function skipRefused(error: unknown): undefined {
  if (!isHawserError(error, 'ClusterRefused')) throw error;
}

function parseAggregated(answer: unknown): ApiResource[] {
  const resources: ApiResource[] = [];
  for (const group of arrayAt(answer, 'items')) {
    const name = stringAt(group, 'metadata', 'name') ?? '';
    for (const served of arrayAt(group, 'versions')) {
      const version = stringAt(served, 'version') ?? '';
      for (const resource of arrayAt(served, 'resources')) {
        const kind = stringAt(resource, 'responseKind', 'kind');
        const plural = stringAt(resource, 'resource');
        if (!kind || !plural) continue;
        resources.push({
          group: name,
          version,
          kind,
          plural,
          singular: stringAt(resource, 'singularResource') || kind.toLowerCase(),
          namespaced: stringAt(resource, 'scope') === 'Namespaced',
          verbs: stringsAt(resource, 'verbs'),
          shortNames: stringsAt(resource, 'shortNames'),
          categories: stringsAt(resource, 'categories'),
          subresources: arrayAt(resource, 'subresources').map((entry) => stringAt(entry, 'subresource') ?? ''),
        });
      }
    }
  }
  return resources;
}

function groupVersions(answer: unknown): string[] {
  if (stringAt(answer, 'kind') === 'APIVersions') return stringsAt(answer, 'versions');
  return arrayAt(answer, 'groups').flatMap((group) =>
    arrayAt(group, 'versions').map((version) => stringAt(version, 'groupVersion') ?? ''),
  );
}

function parseResourceList(groupVersion: string, answer: unknown): ApiResource[] {
  const entries = arrayAt(answer, 'resources').filter(isObject);
  const subresources = entries.map((entry) => stringAt(entry, 'name') ?? '').filter((name) => name.includes('/'));
  return entries.flatMap((entry) => {
    const plural = stringAt(entry, 'name') ?? '';
    const kind = stringAt(entry, 'kind') ?? '';
    if (plural === '' || plural.includes('/')) return [];
    const prefix = `${plural}/`;
    return [
      {
        group: groupVersion.includes('/') ? groupOf(groupVersion) : '',
        version: versionOf(groupVersion),
        kind,
        plural,
        singular: stringAt(entry, 'singularName') || kind.toLowerCase(),
        namespaced: entry.namespaced === true,
        verbs: stringsAt(entry, 'verbs'),
        shortNames: stringsAt(entry, 'shortNames'),
        categories: stringsAt(entry, 'categories'),
        subresources: subresources.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
      },
    ];
  });
}

function arrayAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}

function stringsAt(value: unknown, key: string): string[] {
  return arrayAt(value, key).filter((entry) => typeof entry === 'string');
}
