// What the rules of an Application's project say of it, and of the objects that it may touch, with clusters as they are registered.

import { specProblems } from '../application/parse.ts';
import {
  type ClusterNames,
  destinationNames,
  type Project,
  projectProblems,
  resourceNameOf,
  resourceProblem,
} from '../application/project.ts';
import type { Application, Condition, Destination } from '../application/types.ts';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import type { Refuse } from '../compare/forbidden.ts';
import type { Clusters } from './clusters.ts';
import type { Road } from './road.ts';

/** Why an Application cannot be deployed at all: its spec, its destination, or its project's rules. */
export function applicationProblems(
  { clusters, platform }: Pick<Road, 'clusters' | 'platform'>,
  app: Application,
  project: Project | undefined,
): readonly Condition[] {
  const ofSpec = specProblems(app);
  const { destination } = app.spec;
  const { namespace: controlNamespace } = platform.settings;
  // With both names or none there is nothing to look up, and the spec's own problems say so.
  const isNamed = Boolean(destination.server) !== Boolean(destination.name);
  if (!isNamed) return [...ofSpec, ...projectProblems(app, project, { controlNamespace })];
  try {
    const cluster = clusters.find(destination);
    const projectClusters = clusters.ofProject(app.spec.project);
    return [...ofSpec, ...projectProblems(app, project, { cluster, projectClusters, controlNamespace })];
  } catch (error) {
    if (!isHawserError(error, 'InvalidInput')) throw error;
    return [...ofSpec, { type: 'InvalidSpecError', message: formatError(error) }];
  }
}

/** Throws `InvalidInput` with all of them. */
export function requirePermitted(
  road: Pick<Road, 'clusters' | 'platform'>,
  app: Application,
  project: Project | undefined,
): void {
  const problems = applicationProblems(road, app, project).map(({ message }) => message);
  if (problems.length > 0) throw new HawserError('InvalidInput', problems.join('; '));
}

/** Without a project (its absence is a problem of its own) nothing is refused. */
export function refuseBy(project: Project | undefined, { spec }: Application, clusters: Clusters): Refuse {
  if (!project) return () => undefined;
  const cluster = namesOf(spec.destination, clusters);
  const projectClusters = clusters.ofProject(project.name);
  return (object) => resourceProblem(project, resourceNameOf(object), cluster, projectClusters);
}

/** Of a destination that is not registered any more, what the spec itself says. */
function namesOf(destination: Destination, clusters: Clusters): ClusterNames {
  try {
    return clusters.find(destination);
  } catch (error) {
    if (!isHawserError(error, 'InvalidInput')) throw error;
    return destinationNames(destination);
  }
}
