// What the rules of an Application's project say of the objects that it may touch.

import { destinationNames, type Project, resourceNameOf, resourceProblem } from '../application/project.ts';
import type { Application } from '../application/types.ts';
import type { Refuse } from '../compare/forbidden.ts';

/** Without a project (its absence is a problem of its own) nothing is refused. */
export function refuseBy(project: Project | undefined, { spec }: Application): Refuse {
  if (!project) return () => undefined;
  const cluster = destinationNames(spec.destination);
  return (object) => resourceProblem(project, resourceNameOf(object), cluster);
}
