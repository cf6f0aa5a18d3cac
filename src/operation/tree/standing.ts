// What has to be known before anything of an Application's cluster is shown or changed: the settings, the project's rules, the cluster.

import type { Project } from '../../application/project.ts';
import type { Application } from '../../application/types.ts';
import { HawserError } from '../../base/errors.ts';
import type { Refuse } from '../../compare/forbidden.ts';
import type { KubeClient } from '../../kube/client.ts';
import { refuseBy } from '../project-rules.ts';
import type { Road } from '../road.ts';
import { readArgoSettings } from '../settings.ts';
import { readProject, readRepositorySecrets } from '../world.ts';

export interface Standing {
  readonly app: Application;
  readonly project: Project;
  /** Of the destination. */
  readonly client: KubeClient;
  /** Its address, as settings and rules name it. */
  readonly server: string;
  readonly refuse: Refuse;
}

/** Throws `FailedPrecondition` without the project: nothing would hold the Application to its own objects. */
export async function readStanding(road: Road, app: Application): Promise<Standing> {
  const known = Promise.all([readRepositorySecrets(road, 'cached'), readArgoSettings(road)]);
  const name = app.spec.project || 'default';
  const [project] = await Promise.all([readProject(road, name, known), known]);
  if (!project) {
    throw new HawserError('FailedPrecondition', `Application referencing project ${name} which does not exist`);
  }
  const cluster = road.clusters.find(app.spec.destination);
  return {
    app,
    project,
    client: cluster.client(),
    server: cluster.server,
    refuse: refuseBy(project, app, road.clusters),
  };
}
