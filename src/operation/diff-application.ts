// What a sync would change, object by object: of the target revision, of another one, or of files and manifests that a client brings.

import { parseApplication, sourcesOf } from '../application/parse.ts';
import type { Application, Source } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { type ResourceDiff, resourceDiff } from '../compare/resource-diff.ts';
import type { KubeObject } from '../kube/object.ts';
import { joinPath, memoryTree, type Tree } from '../render/tree.ts';
import { isChartSource } from '../source/chart-locations.ts';
import { parseObjects } from '../source/objects.ts';
import type { ResolvedSource, SourceReader } from '../source/source.ts';
import { compareObjects, renderTargets, resolveSources } from './compare-application.ts';
import type { DiffRequest } from './hawser.ts';
import { requirePermitted } from './project-rules.ts';
import type { Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import { readProject, readRepositorySecrets } from './world.ts';

/** Writes nothing, and changes nothing of what the next comparison begins with. Secrets are masked. */
export async function diffApplication(road: Road, own: Application, request: DiffRequest): Promise<ResourceDiff[]> {
  const app = request.spec ? parseApplication({ ...own, spec: request.spec }) : own;
  const known = Promise.all([readRepositorySecrets(road, 'consistent'), readArgoSettings(road)]);
  const [[repositories], project] = await Promise.all([known, readProject(road, app.spec.project, known)]);
  requirePermitted(road, app, project);
  const reader = road.readSources(repositories);
  const signal = road.stopping;
  const targets = await targetsOf(road, app, reader, request);
  const inventory = app.status.resources ?? [];
  const { fresh = false } = request;
  const { differences } = await compareObjects(road, { app, reader, fresh, signal }, project, targets, inventory);
  const { sensitiveAnnotations } = road.argo.settings;
  return differences.filter(({ hook }) => !hook).map((difference) => resourceDiff(difference, sensitiveAnnotations));
}

/** What an Application, which need not be in the cluster, is to have there: everything, hooks and Secrets as they are. */
export async function renderApplication(
  road: Road,
  app: Application,
  request: DiffRequest,
): Promise<readonly KubeObject[]> {
  const known = Promise.all([readRepositorySecrets(road, 'consistent'), readArgoSettings(road)]);
  const [[repositories], project] = await Promise.all([known, readProject(road, app.spec.project, known)]);
  requirePermitted(road, app, project);
  return targetsOf(road, app, road.readSources(repositories), request);
}

async function targetsOf(
  road: Road,
  app: Application,
  reader: SourceReader,
  { manifests, files, edits = {}, revisions }: DiffRequest,
): Promise<readonly KubeObject[]> {
  const signal = road.stopping;
  if (manifests) {
    return manifests.flatMap((text, index) => parseObjects(text, `targetManifests[${index}]`));
  }
  const resolved = files
    ? await resolveWithFiles(app, reader, memoryTree(placeFiles(sourcesOf(app.spec), files)), signal)
    : await resolveSources(app, reader, signal, revisions);
  const edited = resolved.map((one, index) => (edits[index] ? { ...one, edits: edits[index] } : one));
  return renderTargets(road, { app, reader, resolved: edited, signal });
}

/** The files stand for the first source; others are read where they are. */
async function resolveWithFiles(
  app: Application,
  reader: SourceReader,
  local: Tree,
  signal: AbortSignal,
): Promise<readonly ResolvedSource[]> {
  return Promise.all(
    sourcesOf(app.spec).map((source, index) => {
      if (index > 0) return reader.resolve(source, app.spec.project, signal);
      return { source, revision: app.status.sync?.revision ?? source.targetRevision ?? '', local };
    }),
  );
}

/** Names in `files` are relative to the source's folder. */
function placeFiles(
  [source]: readonly Source[],
  files: Readonly<Record<string, Uint8Array>>,
): Record<string, Uint8Array> {
  if (!source) throw new HawserError('InvalidInput', 'the Application has no source');
  const folder = isChartSource(source) ? '' : (source.path ?? '');
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => {
      const path = joinPath(folder, name);
      if (path === undefined || path === '' || name.startsWith('/')) {
        throw new HawserError('PathEscapes', `${name} leads out of the repository`);
      }
      return [path, content];
    }),
  );
}
