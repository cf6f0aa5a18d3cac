// Writes a project as it is to be: by the version that was read, so that nobody's change is lost.

import { call } from '../api/call.ts';
import type { Project, ProjectSpec } from './project-form.ts';

/** Throws `ApiError`: 409 where somebody has changed it meanwhile. */
export async function saveSpec(project: Project, spec: ProjectSpec): Promise<Project> {
  const { name } = project.metadata;
  return call('PUT /api/v1/projects/{name}', { params: { name }, body: { project: { ...project, spec } } });
}
