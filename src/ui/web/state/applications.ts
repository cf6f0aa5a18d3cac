// All Applications that one may see, as they are now: a list, then each change.

import type { Application } from '../../../application/types.ts';
import { LIST_FIELDS, LIST_SELECTION } from '../../first-list.ts';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { openStream } from '../api/stream.ts';
import { createLive, type Live } from './live.ts';

export type Applications = ReadonlyMap<string, Application>;

export interface ApplicationEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly application: Application;
}

/** `argocd/guestbook`. */
export function keyOf({ metadata }: Pick<Application, 'metadata'>): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Where the page of an Application is; `part` is a sheet over it. */
export function pathOf({ metadata }: Pick<Application, 'metadata'>, part?: string): string {
  const base = `/applications/${encodeURIComponent(metadata.namespace ?? '')}/${encodeURIComponent(metadata.name)}`;
  return part === undefined ? base : `${base}/${part}`;
}

export const applications: Live<Applications> = createLive({
  async follow(set, signal) {
    const list = await call('GET /api/v1/applications', { query: { fields: LIST_SELECTION }, signal });
    const all = new Map(list.items.map((app) => [keyOf(app), app]));
    set(new Map(all));
    const stream = openStream<ApplicationEvent>('GET /api/v1/stream/applications', {
      query: {
        resourceVersion: list.metadata.resourceVersion,
        fields: ['result.type', ...LIST_FIELDS.map((field) => `result.application.${field}`)].join(','),
      },
      signal,
    });
    // What comes together is shown together.
    let isDue = false;
    for await (const { type, application } of stream) {
      if (type === 'DELETED') all.delete(keyOf(application));
      else all.set(keyOf(application), application);
      if (isDue) continue;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        set(new Map(all));
      });
    }
  },
});

const ones = new Map<string, Live<Application>>();

/** One Application, whole. After its deletion it stays as it was last, with `deletionTimestamp`. */
export function applicationNamed(namespace: string, name: string): Live<Application> {
  const key = `${namespace}/${name}`;
  let one = ones.get(key);
  if (!one) {
    one = createLive<Application>({
      async follow(set, signal) {
        const params = { name };
        set(await call('GET /api/v1/applications/{name}', { params, query: { appNamespace: namespace }, signal }));
        const query = { name, appNamespace: namespace };
        for await (const { type, application } of openStream<ApplicationEvent>('GET /api/v1/stream/applications', {
          query,
          signal,
        })) {
          set(application);
          // What is no more is not asked for again, and stays as it was last.
          if (type === 'DELETED') throw new ApiError({ status: 404, message: '' });
        }
      },
    });
    ones.set(key, one);
  }
  return one;
}
