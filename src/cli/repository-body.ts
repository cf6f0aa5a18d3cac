// What the flags of `repo add` and `repocreds add` say, as the API takes it: texts, and of some keys booleans and numbers.

import type { RepositoryData } from '../application/repository-secret.ts';

const BOOLEANS = [
  'insecure',
  'insecureIgnoreHostKey',
  'enableLfs',
  'enableOCI',
  'insecureOCIForceHttp',
  'forceHttpBasicAuth',
  'useAzureWorkloadIdentity',
];
const NUMBERS = ['githubAppID', 'githubAppInstallationID'];

export function repositoryBody(data: RepositoryData): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (BOOLEANS.includes(key)) return [key, value === 'true'];
      return [key, NUMBERS.includes(key) ? Number(value) : value];
    }),
  );
}
