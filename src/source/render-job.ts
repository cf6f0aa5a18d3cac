// A render as a value, and doing it where nothing is at hand but the answers to what it asks.

import type { GoValue } from '../render/go/value.ts';
import type { Tree } from '../render/tree.ts';
import { lookedUp } from './lookups.ts';
import { type RenderedSource, renderSource } from './render.ts';
import type { AskNeed } from './render-needs.ts';
import type { RenderContext, ResolvedSource } from './source.ts';

/** The parts of a context that are values. */
export type PlainContext = Pick<
  RenderContext,
  'appName' | 'appNamespace' | 'instance' | 'project' | 'namespace' | 'kubeVersion' | 'apiVersions' | 'settings'
>;

export interface RenderJob {
  readonly resolved: Pick<ResolvedSource, 'source' | 'revision'>;
  readonly path: string;
  /** How errors call the source. */
  readonly field: string;
  readonly context: PlainContext;
  /** Whether the trees know real paths: the source's own first, then those of `refs`, in their order. */
  readonly hasRealPath: readonly boolean[];
  /** Names of sources with a `ref`, as `$ref`. */
  readonly refs: readonly string[];
  /** Of the clock of the platform: milliseconds since the epoch when the job was made. */
  readonly nowMs: number;
}

export interface RenderedElsewhere extends RenderedSource {
  /** How long it took there. */
  readonly tookMs: number;
}

/** Another thread that renders: what it needs is answered here, while the event loop goes on. */
export interface RenderElsewhere {
  /** Throws what the render throws, `LimitExceeded` where it needs too much memory or time, and the signal's reason. */
  render(
    job: RenderJob,
    answer: (name: string, args: readonly unknown[]) => unknown,
    signal?: AbortSignal,
  ): Promise<RenderedElsewhere>;
}

export function plainContext(context: RenderContext): PlainContext {
  const { appName, appNamespace, instance, project, namespace, kubeVersion, apiVersions, settings } = context;
  return {
    ...{ appName, appNamespace, project, namespace, kubeVersion, apiVersions },
    ...(instance !== undefined && { instance }),
    ...(settings && { settings }),
  };
}

/** Renders in the other thread. `ask` throws what is not there yet; whoever gave the job then brings it and gives the job again. */
export function doRenderJob(job: RenderJob, ask: AskNeed): RenderedElsewhere {
  const started = performance.now();
  const trees: AskedTree[] = [];
  const open = (number: number, hasRealPath: boolean): Tree => {
    const asked = createAskedTree(number, hasRealPath, ask);
    trees.push(asked);
    return asked.tree;
  };
  const own = open(0, job.hasRealPath[0] ?? false);
  const refs = new Map(job.refs.map((name, index) => [name, open(index + 1, job.hasRealPath[index + 1] ?? false)]));
  try {
    const rendered = renderSource(own, job.path, job.resolved, job.context, {
      field: job.field,
      refs,
      environment: {
        now: () => job.nowMs + performance.now() - started,
        random: (length) => ask('random', length),
      },
      findDependency: (wanted) => ask('findDependency', wanted),
      findFiles: (urls) => ask('findFiles', urls),
      remotes: {
        readFile: (url) => ask('readRemote', url),
        openRepository: (url) => {
          const { tree, hasRealPath } = ask('openRemote', url);
          return open(tree, hasRealPath);
        },
      },
      lookup: (...query): Map<string, GoValue> => lookedUp(ask('lookUp', ...query)),
      generated: {
        recall: (key) => ask('recall', key),
        keep: (key, value, lifeMs) => ask('keep', key, value, lifeMs),
      },
    });
    return { ...rendered, tookMs: performance.now() - started };
  } finally {
    for (const { number, reads } of trees) if (reads.size > 0) ask('noteReads', number, [...reads]);
  }
}

interface AskedTree {
  readonly number: number;
  readonly tree: Tree;
  /** What was read without asking. */
  readonly reads: ReadonlySet<string>;
}

function createAskedTree(number: number, hasRealPath: boolean, ask: AskNeed): AskedTree {
  const beside = new Map<string, Uint8Array>();
  const reads = new Set<string>();
  return {
    number,
    reads,
    tree: {
      readFile: (path) => {
        const here = beside.get(path);
        if (here) {
          reads.add(path);
          return here;
        }
        const answer = ask('readFile', number, path);
        for (const file of answer.beside) beside.set(file.path, file.content);
        return answer.found;
      },
      list: (path) => {
        const answer = ask('list', number, path);
        for (const file of answer.beside) beside.set(file.path, file.content);
        return answer.found;
      },
      ...(hasRealPath && { realPath: (path: string) => ask('realPath', number, path) }),
    },
  };
}
