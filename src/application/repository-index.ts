// The Applications by the repositories of their sources, so that a push is compared with a few addresses however many Applications there
// are. What it finds are candidates: whether an address is the pushed repository is decided by Argo CD's own rule (repositoryMatcher).

import type { Application } from './types.ts';
import { watchedSources } from './watched-sources.ts';

export interface RepositoryIndex {
  /** Those with a source whose host and path may be one of these addresses'. In the order of the list. */
  atAddresses(addresses: readonly string[]): readonly Application[];
  /** Those with a source whose path is one of these addresses', on whatever host. */
  atPaths(addresses: readonly string[]): readonly Application[];
}

/** An address reduced to what may not differ: what repositoryPattern leaves open (scheme, user, port, case, `.git`) is gone. */
interface Place {
  readonly host: string;
  readonly path: string;
}

const indexes = new WeakMap<readonly Application[], RepositoryIndex>();

/** The index of a list; made once for each. */
export function repositoryIndexOf(apps: readonly Application[]): RepositoryIndex {
  let index = indexes.get(apps);
  if (!index) {
    index = indexByRepository(apps);
    indexes.set(apps, index);
  }
  return index;
}

function indexByRepository(apps: readonly Application[]): RepositoryIndex {
  const byAddress = new Map<string, Application[]>();
  const byPath = new Map<string, Application[]>();
  const order = new Map(apps.map((app, index) => [app, index]));
  for (const app of apps) {
    const places = placesOfApplication(app);
    for (const key of new Set(places.map(({ host, path }) => `${host}/${path}`))) add(byAddress, key, app);
    for (const path of new Set(places.map(({ path }) => path))) add(byPath, path, app);
  }
  const find = (index: ReadonlyMap<string, readonly Application[]>, keys: readonly string[]) => {
    const found = new Set([...new Set(keys)].flatMap((key) => index.get(key) ?? []));
    return [...found].sort((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0));
  };
  return {
    atAddresses: (addresses) =>
      find(
        byAddress,
        addresses.flatMap(placesOf).map(({ host, path }) => `${host}/${path}`),
      ),
    atPaths: (addresses) =>
      find(
        byPath,
        addresses.flatMap(placesOf).map(({ path }) => path),
      ),
  };
}

function add(index: Map<string, Application[]>, key: string, app: Application): void {
  const found = index.get(key);
  if (found) found.push(app);
  else index.set(key, [app]);
}

/** An Application is indexed again at every list; its addresses are taken apart once for each version of it. */
const known = new WeakMap<Application['spec'], readonly Place[]>();

function placesOfApplication({ spec }: Application): readonly Place[] {
  let places = known.get(spec);
  if (!places) {
    places = watchedSources(spec).flatMap(({ repoURL }) => placesOf(repoURL ?? ''));
    known.set(spec, places);
  }
  return places;
}

/** Whether any of its sources has the path of one of these addresses, on whatever host: quick, since nothing else matches any of them. */
export function isAtPaths(app: Application, paths: ReadonlySet<string>): boolean {
  return placesOfApplication(app).some(({ path }) => paths.has(path));
}

export function pathsOf(addresses: readonly string[]): ReadonlySet<string> {
  return new Set(addresses.flatMap(placesOf).map(({ path }) => path));
}

/** Two where a number between colon and slash may be a port or the first part of a path (`git@host:22/app`). */
export function placesOf(address: string): readonly Place[] {
  const text = address.toLowerCase().replace(/^[a-z][a-z0-9+.-]*:\/\//, '');
  const match = /^(?:[^/@]*@)?(\[[^\]]*\]|[^:/?#]*)(.*)$/s.exec(text);
  const host = (match?.[1] ?? '').replace(/^\[|\]$/g, '').replace(/^((alt)?ssh\.)+/, '');
  const rest = match?.[2] ?? '';
  const paths = new Set([rest.replace(/^[:/]/, ''), rest.replace(/^:\d+([:/]|$)/, '')]);
  return [...paths].map((path) => ({
    host,
    path: path
      .replace(/[?#].*$/s, '')
      .replace(/^\/+/, '')
      .replace(/(\.git)+$/, ''),
  }));
}
