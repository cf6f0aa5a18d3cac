// Local accounts, their passwords and tokens, the tokens of roles of projects, and what one may do (Argo CD: server/account/account.go,
// server/project/project.go).

import * as z from 'zod';
import { unknownAccount } from '../account/account-book.ts';
import type { Account } from '../account/local-accounts.ts';
import type { ProjectRole } from '../account/policy/project-policy.ts';
import type { Principal } from '../account/principal.ts';
import { RBAC_ACTIONS, RBAC_RESOURCES } from '../account/rights.ts';
import { LOCAL_ISSUER } from '../account/session-token.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { int64 } from './schema/values.ts';

/** A session at a provider must be as young as this to change a password without naming the one before (Argo CD: ChangePasswordSSOTokenMaxAge). */
const YOUNG_SECONDS = 300;

const text = z.string().nullish();
const TOKEN = z.object({ id: z.string(), issuedAt: z.number(), expiresAt: z.number().optional() });
const ACCOUNT = z.object({
  name: z.string(),
  enabled: z.boolean(),
  capabilities: z.array(z.string()),
  tokens: z.array(TOKEN).optional(),
});
const NEW_TOKEN = z.looseObject({ id: text, expiresIn: int64.nullish(), name: text, description: text });
const NEW_PASSWORD = z.looseObject({ name: text, currentPassword: text, newPassword: text });
const MADE_TOKEN = z.object({ token: z.string() });

export function accountRoutes({ accounts, platform }: ApiParts): readonly Route[] {
  async function find(name: string): Promise<Account> {
    const account = (await accounts.settings()).accounts.get(name);
    if (!account) throw unknownAccount(name);
    return account;
  }

  async function changePassword(call: Call<unknown, z.output<typeof NEW_PASSWORD>>): Promise<unknown> {
    const { principal, body } = call;
    const isLocal = principal.kind === 'user' && principal.issuer === LOCAL_ISSUER;
    const name = body.name || principal.subject;
    if (!isLocal || name !== principal.subject) call.require('accounts', 'update', name);
    if (principal.kind === 'project') {
      throw new HawserError('InvalidInput', `password can only be changed for local users, not user "${name}"`);
    }
    if (isLocal) await requirePassword(principal.subject, body.currentPassword ?? '');
    else requireYoung(principal);
    await accounts.book.setPassword(name, body.newPassword ?? '');
    return {};
  }

  async function requirePassword(name: string, password: string): Promise<void> {
    try {
      await accounts.checkPassword(name, password);
    } catch (error) {
      if (!isHawserError(error, 'Unauthenticated')) throw error;
      throw new HawserError('InvalidInput', 'current password does not match');
    }
  }

  function requireYoung({ kind, issuedAt = 0 }: Principal): void {
    if (kind === 'machine' || platform.clock.now() / 1000 - issuedAt <= YOUNG_SECONDS) return;
    throw new HawserError('InvalidInput', 'the session is too old to change a password', { hint: 'log in again' });
  }

  const roleOf = (call: Call) => ({
    project: call.param('name'),
    role: call.param('role'),
    // Who has the role may have tokens of it.
    permit: ({ groups }: ProjectRole) => {
      if (groups.some((group) => call.principal.groups.includes(group))) return;
      call.require('projects', 'update', call.param('name'));
    },
  });

  return [
    route({
      method: 'GET',
      path: '/api/v1/account',
      summary: 'List the local accounts',
      need: { kind: 'session' },
      answer: z.object({ items: z.array(ACCOUNT) }),
      handle: async ({ principal, rights }) => {
        const all = [...(await accounts.settings()).accounts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
        const shown = all.filter(({ name }) => isOwn(principal, name) || rights.may('accounts', 'get', name));
        return { items: shown.map(presentAccount) };
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/account/:name',
      summary: 'A local account',
      need: { kind: 'session' },
      answer: ACCOUNT,
      handle: async (call) => {
        requireAccount(call, 'get');
        return presentAccount(await find(call.param('name')));
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/account/can-i/:resource/:action/:subresource{.*}',
      summary: 'Whether one may do something',
      need: { kind: 'session' },
      answer: z.object({ value: z.enum(['yes', 'no']) }),
      handle: async (call) => {
        const [given, action] = [call.param('resource'), call.param('action')];
        const resource = RBAC_RESOURCES.find((name) => name === given);
        if (!resource) throw new HawserError('InvalidInput', `[${RBAC_RESOURCES.join(' ')}] does not contain ${given}`);
        if (!RBAC_ACTIONS.includes(action)) {
          throw new HawserError('InvalidInput', `[${RBAC_ACTIONS.join(' ')}] does not contain ${action}`);
        }
        const { isRollbackApart } = await accounts.settings();
        const asked = action === 'rollback' && !isRollbackApart ? 'sync' : action;
        const object = withoutControlNamespace(call.param('subresource'), resource, platform.settings.namespace);
        return { value: call.rights.may(resource, asked, object) ? 'yes' : 'no' };
      },
    }),
    route({
      method: 'PUT',
      path: '/api/v1/account/password',
      summary: 'Change a password: the own one, or with the right to update accounts another one',
      need: { kind: 'session' },
      body: NEW_PASSWORD,
      handle: changePassword,
    }),
    route({
      method: 'POST',
      path: '/api/v1/account/:name/token',
      summary: 'Make an API token',
      need: { kind: 'session' },
      body: NEW_TOKEN,
      answer: MADE_TOKEN,
      handle: async (call) => {
        requireAccount(call, 'update');
        return { token: await accounts.book.createToken(call.param('name'), wishOf(call.body)) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/account/:name/token/:id',
      summary: 'Take back an API token',
      need: { kind: 'session' },
      handle: async (call) => {
        requireAccount(call, 'update');
        await accounts.book.deleteToken(call.param('name'), call.param('id'));
        return {};
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/projects/:name/roles/:role/token',
      summary: 'Make a token of a role of a project',
      need: { kind: 'session' },
      body: NEW_TOKEN,
      answer: MADE_TOKEN,
      handle: async (call) => {
        const place = roleOf(call);
        requireHope(call);
        return { token: await accounts.projectTokens.create(place, wishOf(call.body)) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/projects/:name/roles/:role/token/:iat',
      summary: 'Take back a token of a role of a project',
      need: { kind: 'session' },
      query: z.looseObject({ id: z.string().optional() }),
      handle: async (call) => {
        const place = roleOf(call);
        requireHope(call);
        const { id } = call.query;
        await accounts.projectTokens.remove(place, { ...(id && { id }), iat: Number(call.param('iat')) });
        return {};
      },
    }),
  ];
}

/** Who may not change the project and is in no group learns nothing of which projects and roles there are. */
function requireHope(call: Call): void {
  if (call.principal.groups.length === 0) call.require('projects', 'update', call.param('name'));
}

/** Everybody has all rights to the own account. */
function requireAccount(call: Call, action: 'get' | 'update'): void {
  const name = call.param('name');
  if (!isOwn(call.principal, name)) call.require('accounts', action, name);
}

function isOwn({ kind, issuer, subject }: Principal, name: string): boolean {
  return kind === 'user' && issuer === LOCAL_ISSUER && subject === name;
}

function wishOf({ id, expiresIn }: z.output<typeof NEW_TOKEN>) {
  if (expiresIn && expiresIn < 0) throw new HawserError('InvalidInput', 'expiresIn must not be below 0');
  return { ...(id && { id }), ...(expiresIn && { expiresIn }) };
}

function presentAccount({ name, isEnabled, capabilities, tokens }: Account) {
  const shown = [...tokens].sort((a, b) => b.iat - a.iat);
  return {
    name,
    enabled: isEnabled,
    capabilities: [...capabilities],
    tokens: shown.map(({ id, iat, exp }) => ({ id, issuedAt: iat, ...(exp !== undefined && { expiresAt: exp }) })),
  };
}

const PROJECT_SCOPED = ['applications', 'applicationsets', 'logs', 'exec', 'clusters', 'repositories'];

/** `project/argocd/name` is `project/name` in a policy. */
function withoutControlNamespace(object: string, resource: string, controlNamespace: string): string {
  const [project, namespace, name, ...more] = object.split('/');
  const isNamed = PROJECT_SCOPED.includes(resource) && name !== undefined && more.length === 0;
  return isNamed && namespace === controlNamespace ? `${project}/${name}` : object;
}
