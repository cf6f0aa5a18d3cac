// A whole hawser inside a command (`--core`): the API without a server, straight on the cluster of the kubeconfig.

import { HawserError } from '../base/errors.ts';

export interface CoreOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

export async function openCore(_options: CoreOptions): Promise<never> {
  throw new HawserError('Unsupported', '--core is not there yet');
}
