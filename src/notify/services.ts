// The services that hawser sends notifications to by itself: webhook, Slack, Microsoft Teams (its connectors and its workflows).

import type { ConnectedFetch } from '../platform.ts';
import type { ServiceConfig } from './config.ts';
import type { Message } from './message.ts';
import { sendToSlack } from './slack.ts';
import { sendToTeams, sendToTeamsWorkflow } from './teams.ts';
import { sendToWebhook } from './webhook.ts';

export interface Sending {
  readonly fetch: ConnectedFetch;
  readonly message: Message;
  /** The name by which people subscribe. */
  readonly service: string;
  readonly recipient: string;
  readonly options: ServiceConfig['options'];
  readonly signal: AbortSignal;
}

/** Throws `Unavailable` for what may be tried again, and other errors for what would fail again. */
export type Send = (sending: Sending) => Promise<void>;

const SENDERS: Readonly<Record<string, Send>> = {
  webhook: sendToWebhook,
  slack: sendToSlack,
  teams: sendToTeams,
  'teams-workflows': sendToTeamsWorkflow,
};

/** undefined for a type that hawser does not send to (email, grafana, opsgenie …). */
export function senderOf(type: string): Send | undefined {
  return Object.hasOwn(SENDERS, type) ? SENDERS[type] : undefined;
}

export const SENT_TO: readonly string[] = Object.keys(SENDERS);
