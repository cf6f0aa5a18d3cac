// What the replicas of hawser tell each other (operation/replicas.ts). Mounted behind the token.

import { Hono } from 'hono';
import { HawserError } from '../base/errors.ts';
import type { Hawser } from '../operation/hawser.ts';
import type { PeerMessage } from '../operation/replicas.ts';
import { optionalInteger, optionalString, readJson } from './body.ts';

/** Nobody is looked at later than this, whatever a message says. */
const LONGEST_MS = 3_600_000;

export function createPeerRoutes(hawser: Pick<Hawser, 'peer' | 'identity'>): Hono {
  const routes = new Hono();
  routes.post('/api/peer', async (context) => {
    await hawser.peer(parseMessage(await readJson(context.req.raw)));
    return context.json({ identity: hawser.identity }, 202);
  });
  return routes;
}

function parseMessage(body: Record<string, unknown>): PeerMessage {
  const kind = optionalString(body, 'kind');
  const identity = required(body, 'identity');
  if (!/^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$/.test(identity)) {
    throw new HawserError('InvalidInput', 'identity is no name of a replica');
  }
  if (kind === 'leaving') return { kind, identity };
  if (kind === 'application') {
    const after = optionalString(body, 'after');
    return { kind, identity, application: required(body, 'application'), ...(after !== undefined && { after }) };
  }
  if (kind === 'busy') {
    const forMs = optionalInteger(body, 'forMs') ?? 0;
    return { kind, identity, version: required(body, 'version'), forMs: Math.min(Math.max(forMs, 0), LONGEST_MS) };
  }
  throw new HawserError('InvalidInput', 'kind must be one of busy, application and leaving');
}

function required(body: Record<string, unknown>, key: string): string {
  const value = optionalString(body, key);
  if (value) return value;
  throw new HawserError('InvalidInput', `${key} is missing`);
}
