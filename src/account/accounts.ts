// The accounts: who sends a request, and what that one may do.

import { equalInConstantTime } from '../base/constant-time.ts';
import { HawserError } from '../base/errors.ts';
import type { Platform } from '../platform.ts';
import { ANONYMOUS, MACHINE, type Principal } from './principal.ts';
import { ALL_RIGHTS, NO_RIGHTS, type Rights } from './rights.ts';

export interface Accounts {
  /** Throws `Unauthenticated` for what is no valid session, and where nobody may come without one. */
  authenticate(request: Request): Promise<Principal>;
  rightsOf(principal: Principal): Promise<Rights>;
}

export interface AccountsParts {
  readonly platform: Pick<Platform, 'settings'>;
  /** hawser's own token. */
  token(): Promise<string>;
}

const LOOPBACK_HOSTS = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

export function createAccounts({ platform, token }: AccountsParts): Accounts {
  return {
    authenticate: async (request) => {
      const header = request.headers.get('authorization');
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      // A page of another site can make a browser send requests here under its own host name (DNS rebinding).
      const isLocal =
        platform.settings.loopback && LOOPBACK_HOSTS.test(request.headers.get('host') ?? new URL(request.url).host);
      if (header === null && isRead && isLocal) return ANONYMOUS;
      await checkToken(header, token);
      return MACHINE;
    },
    rightsOf: async (principal) => {
      if (principal.kind === 'machine') return ALL_RIGHTS;
      return principal.kind === 'anonymous' ? { may: (_, action) => action === 'get' } : NO_RIGHTS;
    },
  };
}

async function checkToken(header: string | null, token: () => Promise<string>): Promise<void> {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
  if (given === undefined) {
    throw new HawserError('Unauthenticated', 'no session information', {
      hint: 'send Authorization: Bearer with the token (HAWSER_TOKEN, or hawser.token of the Secret argocd-secret)',
    });
  }
  if (!(await equalInConstantTime(given, await token()))) {
    throw new HawserError('Unauthenticated', 'invalid session: the token is wrong');
  }
}
