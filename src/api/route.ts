// One route of the API: where it is, who may use it, what it takes, and what it does. The tables of routes are what is mounted (mount.ts),
// what /openapi.json describes, and what the table of rights is tested with.

import type * as z from 'zod';
import type { AccountPlatform, Accounts } from '../account/accounts.ts';
import type { Principal } from '../account/principal.ts';
import type { RbacResource, Rights } from '../account/rights.ts';
import type { Application } from '../application/types.ts';
import type { Hawser } from '../operation/hawser.ts';

/** What tables of routes are made of. */
export interface ApiParts {
  readonly hawser: Hawser;
  readonly accounts: Accounts;
  readonly platform: AccountPlatform;
}

/** Who may use a route. It is enforced before the handler is called, which may ask for more (`Call.require`). */
export type Need =
  /** Anybody. */
  | { readonly kind: 'open' }
  /** Anybody with a session, or anonymous where that is switched on; the handler shows what that one may see. */
  | { readonly kind: 'session' }
  /** Whoever knows hawser's own token. */
  | { readonly kind: 'machine' }
  /** The right to do this with the Application that `:name` names. A function tells what the call needs: any one of them. */
  | { readonly kind: 'application'; readonly action: string | ((call: Call) => Promise<readonly string[]>) }
  /** The right to do this with something else. */
  | {
      readonly kind: 'object';
      readonly resource: RbacResource;
      readonly action: string;
      readonly object: (call: Call) => string;
    };

export interface Call<Q = unknown, B = unknown> {
  readonly principal: Principal;
  readonly rights: Rights;
  /** Throws `Forbidden` without the right. */
  require(resource: RbacResource, action: string, object: string): void;
  /** Of the path; decoded. Throws `InvalidInput` where there is none of this name. */
  param(name: string): string;
  readonly query: Q;
  readonly body: B;
  /** The audit log names this one instead of the principal: somebody who logs in, or tries to. */
  logsInAs(name: string): void;
  /** The name of an Application in a policy. */
  objectOf(app: Application): string;
  /** The one that `:name` names, for routes with the need `application`; throws for others. */
  application(): Application;
  readonly request: Request;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly method: Method;
  /** As Hono has them: `/api/v1/applications/:name`. */
  readonly path: string;
  /** One line for people. */
  readonly summary: string;
  readonly need: Need;
  /** Of the query; unknown keys are ignored. Without it, all of it as texts. */
  readonly query?: z.ZodType;
  /** Of the JSON body. Without it, none is read. */
  readonly body?: z.ZodType;
  /** Of the answer, for its description. */
  readonly answer?: z.ZodType;
  /** The answer is a stream of such objects: server-sent events, or a line each. */
  readonly isStream?: boolean;
  /** The status of the answer; 200 where nothing is said. */
  readonly status?: 202;
  /** A `Response` as it is; anything else as JSON. */
  handle(call: Call): Promise<unknown>;
}

interface RouteOf<Q extends z.ZodType, B extends z.ZodType> extends Omit<Route, 'query' | 'body' | 'handle'> {
  readonly query?: Q;
  readonly body?: B;
  handle(call: Call<z.output<Q>, z.output<B>>): Promise<unknown>;
}

/** Keeps the types of query and body until the handler. */
export function route<
  Q extends z.ZodType = z.ZodRecord<z.ZodString, z.ZodString>,
  B extends z.ZodType = z.ZodUndefined,
>(definition: RouteOf<Q, B>): Route {
  return definition as Route; // mount.ts gives `handle` what `query` and `body` have parsed.
}
