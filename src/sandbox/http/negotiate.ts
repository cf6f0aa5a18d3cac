// In which form a client wants its answer.

import { refuse } from './status.ts';

export type Form = 'object' | 'table' | 'metadata' | 'discovery';

export interface Wanted {
  readonly form: Form;
  readonly version: string;
}

const TYPES = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** The first form of the Accept header that the server has. Throws 406 when it has none. */
export function negotiate(accept: string | null, discovery = false): Wanted {
  if (accept === null || accept.trim() === '') return { form: 'object', version: 'v1' };
  for (const clause of accept.split(',')) {
    const [type = '', ...params] = clause.split(';').map((part) => part.trim());
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const read = (name: string) => params.find((param) => param.startsWith(`${name}=`))?.slice(name.length + 1);
    const as = read('as');
    const version = read('v') ?? 'v1';
    if (as === undefined) return { form: 'object', version };
    if (discovery && as === 'APIGroupDiscoveryList' && version === 'v2') return { form: 'discovery', version };
    if (discovery || version !== 'v1') continue;
    if (as === 'Table') return { form: 'table', version };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { form: 'metadata', version };
  }
  throw refuse(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${TYPES}`, {});
}
