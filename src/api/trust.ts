// A stream may last for days: who listens, and what that one may see, is looked at again while it does.

import type { Rights } from '../account/rights.ts';
import type { ApiParts, Call } from './route.ts';

/** What was found out is believed for so long. */
const TRUSTED_MS = 2_000;

/** The rights of whoever listens, as they are by now. Throws `Unauthenticated` when the session is no longer one. */
export function createTrust({ accounts }: Pick<ApiParts, 'accounts'>, call: Call): () => Promise<Rights> {
  let { rights } = call;
  let checkedMs = performance.now();
  return async () => {
    if (performance.now() - checkedMs < TRUSTED_MS) return rights;
    rights = await accounts.rightsOf(await accounts.authenticate(call.request));
    checkedMs = performance.now();
    return rights;
  };
}
