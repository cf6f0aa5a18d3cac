// A source whose files can be read becomes objects: in the runs that it takes until nothing is missing, here or in another thread.

import { bringMissing, type Wait } from '../base/bring-missing.ts';
import { HawserError } from '../base/errors.ts';
import type { Tree } from '../render/tree.ts';
import type { FetchedCharts } from './fetched-charts.ts';
import type { FetchedFiles } from './fetched-files.ts';
import type { FetchedRemotes } from './fetched-remotes.ts';
import type { GeneratedStore } from './generated-store.ts';
import type { Lookups } from './lookups.ts';
import { isReferenceOnly, type OpenedSource, pathOf } from './opened-source.ts';
import { type RenderedSource, renderSource, type Surroundings } from './render.ts';
import { plainContext, type RenderElsewhere } from './render-job.ts';
import { answerNeed, serveNeeds } from './render-needs.ts';
import { boundInputs, type RenderPlaces } from './render-place.ts';
import type { RenderContext, ResolvedSource } from './source.ts';
import { createWidening } from './widening.ts';

export interface OpenedRender {
  readonly resolved: ResolvedSource;
  /** How errors call the source. */
  readonly field: string;
  readonly own: OpenedSource;
  /** Of all sources with a `ref`, by `$ref`. */
  readonly refs: ReadonlyMap<string, OpenedSource>;
  readonly remotes: FetchedRemotes;
  readonly charts: FetchedCharts;
  readonly files: FetchedFiles;
  readonly generated: GeneratedStore;
  readonly lookups: Lookups;
  readonly context: RenderContext;
  readonly environment: Surroundings['environment'];
}

/** Where a runtime can render beside the event loop. */
export interface Elsewhere {
  readonly thread: RenderElsewhere;
  readonly places: RenderPlaces;
}

/**
 * Each throws what the render throws. The sources of an Application share what they wait for: those that go elsewhere are rendered one after
 * the other, when all that are rendered here are done.
 */
export async function renderAll(
  renders: readonly OpenedRender[],
  elsewhere: Elsewhere | undefined,
  signal?: AbortSignal,
): Promise<readonly RenderedSource[]> {
  const here = await Promise.all(renders.map((render) => renderHere(render, elsewhere?.places, signal)));
  const rendered: RenderedSource[] = [];
  for (const [index, render] of renders.entries()) {
    rendered.push(here[index] ?? (await renderThere(render, elsewhere, signal)));
  }
  return rendered;
}

/** undefined for a source that is rendered elsewhere. */
async function renderHere(
  render: OpenedRender,
  places: RenderPlaces | undefined,
  signal: AbortSignal | undefined,
): Promise<RenderedSource | undefined> {
  const { resolved, field, own, refs, remotes, charts, files, generated, lookups, context, environment } = render;
  if (isReferenceOnly(resolved.source)) return { objects: [], sourceType: '' };
  const name = nameOf(render);
  const place = places?.of(name) ?? 'here';
  if (place === 'elsewhere') return undefined;
  const path = pathOf(resolved.source);
  const trees = new Map<string, Tree>([...refs].map(([ref, { tree }]) => [ref, tree]));
  const inputs = { tree: own.tree, refs: trees, findDependency: charts.find, findFiles: files.find, remotes };
  let tookMs = 0;
  const rendered = await bringMissing(waitsOf(render), signal, () => {
    const bounded = place === 'unknown' ? boundInputs(inputs) : undefined;
    const { tree, ...others } = bounded ?? inputs;
    const started = performance.now();
    generated.begin();
    if (!isThere(own.tree, path)) throw missingPath(resolved, path);
    const surroundings = { ...others, environment, field, generated: generated.values, lookup: lookups.find };
    try {
      return renderSource(tree, path, resolved, context, surroundings);
    } catch (error) {
      if (bounded?.isExceeded()) return undefined;
      throw error;
    } finally {
      tookMs = performance.now() - started;
    }
  });
  if (rendered) places?.tookHere(name, tookMs);
  return rendered;
}

async function renderThere(
  render: OpenedRender,
  elsewhere: Elsewhere | undefined,
  signal: AbortSignal | undefined,
): Promise<RenderedSource> {
  if (!elsewhere) throw new HawserError('Internal', 'there is no other place to render');
  const { resolved, field, own, refs, remotes, charts, files, generated, lookups, context, environment } = render;
  const path = pathOf(resolved.source);
  const trees = [own, ...refs.values()];
  const { objects, sourceType, tookMs } = await bringMissing(waitsOf(render), signal, async () => {
    generated.begin();
    if (!isThere(own.tree, path)) throw missingPath(resolved, path);
    const { needs, noteAll } = serveNeeds({
      ...{ trees, findDependency: charts.find, findFiles: files.find, remotes, lookups },
      generated: generated.values,
      random: environment.random,
    });
    const { source, revision } = resolved;
    const job = {
      ...{ resolved: { source, revision }, path, field, context: plainContext(context), nowMs: environment.now() },
      hasRealPath: trees.map(({ tree }) => tree.realPath !== undefined),
      refs: [...refs.keys()],
    };
    let isTold = false;
    const answer = (name: string, args: readonly unknown[]) => {
      isTold ||= name === 'noteReads';
      return answerNeed(needs, name, args);
    };
    try {
      return await elsewhere.thread.render(job, answer, signal);
    } catch (error) {
      if (!isTold) noteAll();
      throw error;
    }
  });
  elsewhere.places.tookElsewhere(nameOf(render), tookMs);
  return { objects, sourceType };
}

function waitsOf({ own, refs, remotes, charts, files, generated, lookups }: OpenedRender): Wait[] {
  return [...[own, ...refs.values()].map(waitForFiles), charts, files, remotes, lookups, generated];
}

function waitForFiles(source: OpenedSource): Wait {
  const widen = createWidening();
  return {
    isIncomplete: () => source.missing().length > 0,
    load: (signal) => source.load(widen(source.missing()), signal),
  };
}

/** By which it is known how long a source takes. */
function nameOf({ resolved: { source }, context, field }: OpenedRender): string {
  return JSON.stringify([context.appNamespace, context.appName, field, source.repoURL, source.path, source.chart]);
}

/** Without its list where that can be: what lies beside what is read concerns nobody. */
function isThere(tree: Tree, path: string): boolean {
  return (tree.realPath ? tree.realPath(path) : tree.list(path)) !== undefined;
}

function missingPath({ source, revision }: ResolvedSource, path: string): HawserError {
  return new HawserError(
    'RenderFailed',
    `${path}: app path does not exist at ${revision.slice(0, 7)} of ${source.repoURL}`,
    {
      hint: 'nothing is pruned; correct spec.source.path or bring the folder back',
    },
  );
}
