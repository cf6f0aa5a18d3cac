// Who asks.

export interface Principal {
  /**
   * `user`: a local account or somebody whom an OIDC provider vouches for. `project`: a token of a role of an AppProject. `machine`:
   * whoever knows hawser's own token (replicas, alarms, the operator). `anonymous`: nobody in particular, where that is switched on.
   */
  readonly kind: 'user' | 'project' | 'machine' | 'anonymous';
  /** What a policy's subject is compared with: `admin`, `proj:shop:ci`; empty for anonymous. */
  readonly subject: string;
  /** What people read: `admin`, an address. */
  readonly name: string;
  /** `argocd`, or the OIDC provider's address. */
  readonly issuer: string;
  readonly groups: readonly string[];
  /** Of the token: its `iat`, in seconds since the Unix epoch. */
  readonly issuedAt?: number;
  /** Of the token: its `exp`; a token without one is good until it is taken back. */
  readonly expiresAt?: number;
  /** Of the token: its `jti`. */
  readonly tokenId?: string;
  /** It is a session, which a logout ends; tokens of accounts and projects are taken back in their lists. */
  readonly isSession?: boolean;
  /** It came in a cookie, which a browser adds to whatever another site asks for. */
  readonly isCookie?: boolean;
  /** A session that takes the place of this one, which is about to end. */
  readonly renewal?: string;
}

/** Whoever knows hawser's own token. */
export const MACHINE: Principal = { kind: 'machine', subject: 'hawser', name: 'hawser', issuer: 'hawser', groups: [] };

export const ANONYMOUS: Principal = { kind: 'anonymous', subject: '', name: '', issuer: '', groups: [] };
