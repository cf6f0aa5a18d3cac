// What an Application would become here, before anything of it is written: rendered by hawser, by the real tool where the runtime has it, and
// compared with what the cluster has. For the import of an Argo CD installation (cli/admin).

import { ineffectiveFields } from '../application/ineffective-fields.ts';
import type { Application, SourceType } from '../application/types.ts';
import { formatError, isHawserError } from '../base/errors.ts';
import { type ResourceDiff, resourceDiff } from '../compare/resource-diff.ts';
import type { KubeObject } from '../kube/object.ts';
import type { RenderContext, ResolvedSource } from '../source/source.ts';
import { type Files, readWholeSource } from '../source/whole-source.ts';
import { compareObjects, renderContext, resolveSources } from './compare-application.ts';
import { applicationProblems } from './project-rules.ts';
import type { Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import { readProject, readRepositorySecrets } from './world.ts';

/** Objects, or why there are none. `tool` names who made them. */
export type Rendering =
  | { readonly objects: readonly KubeObject[]; readonly tool?: string }
  | { readonly reason: string; readonly tool?: string };

/** One source, as a foreign tool gets it. */
export interface ForeignSource {
  readonly resolved: ResolvedSource;
  readonly sourceType: SourceType;
  /** All files of its commit, or of its chart; read when they are asked for. */
  readonly readFiles: () => Promise<Files>;
}

/** Renders an Application with other programs. Throws `HawserError` with the reason where it cannot. */
export type RenderForeign = (
  sources: readonly ForeignSource[],
  context: RenderContext,
) => Promise<{ readonly tool: string; readonly objects: readonly KubeObject[] }>;

export interface ApplicationPreview {
  /** What hawser does not do of what the Application asks for. */
  readonly problems: readonly string[];
  readonly ours: Rendering;
  readonly theirs: Rendering;
  /** What a first sync would change in the cluster; Secrets are masked. */
  readonly live: readonly ResourceDiff[] | { readonly reason: string };
}

/** Writes nothing. Never throws for what is wrong with the Application, its sources or its cluster. */
export async function previewApplication(
  road: Road,
  app: Application,
  renderForeign?: RenderForeign,
): Promise<ApplicationPreview> {
  const known = Promise.all([readRepositorySecrets(road, 'consistent'), readArgoSettings(road)]);
  const [[secrets], project] = await Promise.all([known, readProject(road, app.spec.project, known)]);
  const unmet = applicationProblems(road, app, project).map(({ message }) => message);
  const { disabledTools } = road.argo.settings.sources;
  const silent = ineffectiveFields(app.spec, disabledTools).map(({ field, reason }) => `${field}: ${reason}`);
  const problems = [...unmet, ...silent];
  if (unmet.length > 0) return notRendered(problems, 'hawser does not work on it as it stands');
  const signal = road.stopping;
  const reader = road.readSources(secrets);
  const request = { app, reader, signal, fresh: true };
  try {
    const [resolved, context] = await Promise.all([
      resolveSources(app, reader, signal),
      renderContext(road, road.clusters.find(app.spec.destination).client(), app),
    ]);
    const files = (one: ResolvedSource) => readWholeSource(road.platform, one, secrets, context, signal);
    const foreign = async (types: readonly SourceType[]) =>
      renderForeign?.(
        resolved.map((one, index) => ({
          resolved: one,
          sourceType: types[index] ?? '',
          readFiles: () => files(one),
        })),
        context,
      );
    const rendered = await orReason(reader.render(resolved, context, undefined, signal));
    // A failed render is worth asking the real tool: it may be hawser's fault.
    const types = 'reason' in rendered ? resolved.map(({ source }) => typeBySpec(source)) : rendered.sourceTypes;
    const theirs = await orReason(foreign(types).then((done) => done ?? { reason: 'no other tool is at hand' }));
    if ('reason' in rendered) return { problems, ours: rendered, theirs, live: rendered };
    const { objects } = rendered;
    const inventory = app.status.resources ?? [];
    const live = await orReason(
      compareObjects(road, request, project, objects, inventory).then(({ differences }) =>
        differences
          .filter(({ hook }) => !hook)
          .map((difference) => resourceDiff(difference, road.argo.settings.sensitiveAnnotations)),
      ),
    );
    return { problems, ours: { objects }, theirs, live };
  } catch (error) {
    return notRendered(problems, reasonOf(error));
  }
}

function notRendered(problems: readonly string[], reason: string): ApplicationPreview {
  return { problems, ours: { reason }, theirs: { reason }, live: { reason } };
}

async function orReason<T>(work: Promise<T>): Promise<T | { readonly reason: string }> {
  try {
    return await work;
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (isHawserError(error)) return formatError(error);
  throw error;
}

/** As far as the spec alone says it. */
function typeBySpec({ chart, helm, kustomize, directory }: ResolvedSource['source']): SourceType {
  if (chart || helm) return 'Helm';
  if (kustomize) return 'Kustomize';
  return directory ? 'Directory' : '';
}
