// How rights name an Application (src/account/rights.ts, applicationObject).

import type { Application } from '../../../application/types.ts';
import { start } from '../state/start.ts';

/** `default/web`, and `default/team-a/web` outside of hawser's own namespace. */
export function objectOf({ metadata, spec }: Pick<Application, 'metadata' | 'spec'>): string {
  const project = spec.project || 'default';
  const { namespace, name } = metadata;
  return namespace === start.namespace ? `${project}/${name}` : `${project}/${namespace}/${name}`;
}
