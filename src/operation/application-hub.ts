// One watch on Applications for all who listen: it begins with the first and ends with the last. Nothing is asked while nobody does.

import { isApplicationNamespace, namedNamespaces } from '../application/application-namespaces.ts';
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
    // Others may listen already, by a watch of their own.
    const isOver = () => signal.aborted || watching !== ended;
    try {
      const patterns = await readApplicationNamespaces(road);
      const places = namedNamespaces(own, patterns)?.map((namespace) => ({ namespace })) ?? [{}];
      const isWithin = ({ metadata }: KubeObject) => isApplicationNamespace(metadata.namespace ?? '', own, patterns);
      await Promise.all(createPlaces(places, isWithin).map((followPlace) => followPlace(signal, isOver)));
      for (const listener of listeners) if (!isOver() || stopping.aborted) listener.end();
    } catch (error) {
      for (const listener of listeners) if (watching === ended) listener.fail(error);
    } finally {
      ended.abort();
      if (watching === ended) {
        watching = undefined;
        joining = () => undefined;
      }
    }
  }

  /** How each namespace is followed. Whoever listens is told of the first list when all have theirs. */
  function createPlaces(places: readonly { readonly namespace?: string }[], isWithin: (object: KubeObject) => boolean) {
    const known = new Map<string, Application>();
    let unlisted = places.length;
    const tell = (event: ApplicationEvent, isListed: boolean) => {
      for (const listener of listeners) listener.tell(event, isListed);
    };
    return places.map((place) => async (signal: AbortSignal, isOver: () => boolean) => {
      let isListed = false;
      while (!isOver()) {
        for await (const event of home.watch(TYPE, { ...place, timeoutMs: LONGEST_MS, signal })) {
          if (isOver()) return;
          if (event.type === 'RELISTED') {
            const apps = event.objects.filter(isWithin).map(parseApplication);
            for (const change of relist(known, apps, place.namespace)) tell(change, true);
            if (!isListed) unlisted--;
            isListed = true;
            if (unlisted > 0) continue;
            for (const listener of listeners) listener.begin(known);
            joining = () => known;
          } else if (isWithin(event.object)) {
            const application = parseApplication(event.object);
            if (event.type === 'DELETED') known.delete(keyOf(application));
            else known.set(keyOf(application), application);
            tell({ type: event.type, application }, false);
          }
        }
      }
    });
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
  const put = (event: ApplicationEvent, isGone = false) => {
    if (isWanted(event.application) && (isGone || isNews(event.application))) queue.put(event);
  };
  return {
    /** What there is now. */
    begin: (known: ReadonlyMap<string, Application>) => {
      if (hasBegun) return;
      hasBegun = true;
      const type = Number.isNaN(sinceVersion) ? 'ADDED' : 'MODIFIED';
      for (const [, application] of [...known].sort(([a], [b]) => (a < b ? -1 : 1))) put({ type, application });
    },
    /** `isListed`: by a list that was made since; what is not in it any more went without a version of its own. */
    tell: (event: ApplicationEvent, isListed: boolean) => {
      if (hasBegun) put(event, isListed && event.type === 'DELETED');
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

/** What differs from what was known of the namespace (of all without one), which becomes what is. */
function relist(
  known: Map<string, Application>,
  apps: readonly Application[],
  namespace: string | undefined,
): readonly ApplicationEvent[] {
  const found = new Set(apps.map(keyOf));
  const isHere = ({ metadata }: Application) => namespace === undefined || metadata.namespace === namespace;
  const gone = [...known].filter(([key, app]) => isHere(app) && !found.has(key));
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
