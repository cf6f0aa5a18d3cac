// One watch on Applications for all who listen: it begins with the first and ends with the last. Nothing is asked while nobody does.

import { isApplicationNamespace } from '../application/application-namespaces.ts';
import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';
import { createChangeQueue } from './change-queue.ts';
import { readApplicationNamespaces } from './find-application.ts';
import type { Road } from './road.ts';

/** Argo CD: `v1alpha1.ApplicationWatchEvent`. */
export interface ApplicationEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly application: Application;
}

export interface ListenOptions {
  /** Only what is newer than this version. */
  readonly since?: string | undefined;
  readonly isWanted?: (app: Application) => boolean;
}

export interface ApplicationHub {
  /**
   * All Applications as ADDED (with `since`, those that have changed meanwhile as MODIFIED), then each change. Ends by the signal, or when
   * the process is to end; throws what ends the watch. Whoever is slow gets the newest state of each, not every state.
   */
  listen(options: ListenOptions, signal: AbortSignal): AsyncGenerator<ApplicationEvent, void, undefined>;
}

const TYPE = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
/** The watch begins anew after this. */
const LONGEST_MS = 24 * 60 * 60_000;

type Listener = ReturnType<typeof createListener>;

export function createApplicationHub(road: Pick<Road, 'home' | 'platform' | 'stopping'>): ApplicationHub {
  const { home, platform, stopping } = road;
  const { namespace: own } = platform.settings;
  const listeners = new Set<Listener>();
  let watching: AbortController | undefined;

  async function follow(ended: AbortController): Promise<void> {
    const signal = AbortSignal.any([ended.signal, stopping]);
    const known = new Map<string, Application>();
    const tell = (event: ApplicationEvent) => {
      for (const listener of listeners) listener.tell(event);
    };
    try {
      const patterns = await readApplicationNamespaces(road);
      const isWithin = ({ metadata }: KubeObject) => isApplicationNamespace(metadata.namespace ?? '', own, patterns);
      const place = patterns.length === 0 ? { namespace: own } : {};
      while (!signal.aborted) {
        for await (const event of home.watch(TYPE, { ...place, timeoutMs: LONGEST_MS, signal })) {
          // Others may listen already, by a watch of their own.
          if (watching !== ended) return;
          if (event.type === 'RELISTED') {
            for (const change of relist(known, event.objects.filter(isWithin).map(parseApplication))) tell(change);
            for (const listener of listeners) listener.begin(known);
          } else if (isWithin(event.object)) {
            const application = parseApplication(event.object);
            if (event.type === 'DELETED') known.delete(keyOf(application));
            else known.set(keyOf(application), application);
            tell({ type: event.type, application });
          }
          joining = () => known;
        }
      }
      for (const listener of listeners) listener.end();
    } catch (error) {
      for (const listener of listeners) if (watching === ended) listener.fail(error);
    } finally {
      if (watching === ended) {
        watching = undefined;
        joining = () => undefined;
      }
    }
  }

  /** What is known, for those who come later; undefined before the first list. */
  let joining: () => ReadonlyMap<string, Application> | undefined = () => undefined;

  return {
    async *listen(options, signal) {
      if (signal.aborted || stopping.aborted) return;
      const listener = createListener(options);
      listeners.add(listener);
      const known = watching ? joining() : undefined;
      if (known) listener.begin(known);
      if (!watching) {
        watching = new AbortController();
        void follow(watching);
      }
      try {
        yield* listener.events(signal);
      } finally {
        listeners.delete(listener);
        if (listeners.size === 0) {
          watching?.abort();
          watching = undefined;
          joining = () => undefined;
        }
      }
    },
  };
}

function createListener({ since, isWanted = () => true }: ListenOptions) {
  const sinceVersion = Number(since ?? Number.NaN);
  const queue = createChangeQueue<ApplicationEvent>(({ application }) => keyOf(application), join);
  let hasBegun = false;
  const isNews = (app: Application) =>
    Number.isNaN(sinceVersion) || Number(app.metadata.resourceVersion ?? 0) > sinceVersion;
  const put = (event: ApplicationEvent) => {
    if (isWanted(event.application) && isNews(event.application)) queue.put(event);
  };
  return {
    /** What there is now. */
    begin: (known: ReadonlyMap<string, Application>) => {
      if (hasBegun) return;
      hasBegun = true;
      const type = Number.isNaN(sinceVersion) ? 'ADDED' : 'MODIFIED';
      for (const [, application] of [...known].sort(([a], [b]) => (a < b ? -1 : 1))) put({ type, application });
    },
    tell: (event: ApplicationEvent) => {
      if (hasBegun) put(event);
    },
    end: queue.end,
    fail: queue.fail,
    events: queue.values,
  };
}

/** Of two changes of one Application that nobody has seen yet. */
function join(before: ApplicationEvent, after: ApplicationEvent): ApplicationEvent {
  const isNew = before.type === 'ADDED' && after.type === 'MODIFIED';
  return isNew ? { ...after, type: 'ADDED' } : after;
}

/** What differs from what was known, which becomes what is. */
function relist(known: Map<string, Application>, apps: readonly Application[]): readonly ApplicationEvent[] {
  const found = new Set(apps.map(keyOf));
  const gone = [...known].filter(([key]) => !found.has(key));
  for (const [key] of gone) known.delete(key);
  const changes = apps.flatMap((application): readonly ApplicationEvent[] => {
    const before = known.get(keyOf(application));
    known.set(keyOf(application), application);
    if (before?.metadata.resourceVersion === application.metadata.resourceVersion) return [];
    return [{ type: before ? 'MODIFIED' : 'ADDED', application }];
  });
  return [...gone.map(([, application]) => ({ type: 'DELETED', application }) as const), ...changes];
}

function keyOf({ metadata }: Application): string {
  return `${metadata.namespace}/${metadata.name}`;
}
