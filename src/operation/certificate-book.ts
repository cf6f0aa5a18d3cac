// Certificates and host keys of Git servers, as people and programs add them.

import type { Road } from './road.ts';

export interface CertificateBook {
  readonly namespace: string;
}

export function createCertificateBook({ platform }: Road): CertificateBook {
  return { namespace: platform.settings.namespace };
}
