// The Worker's variables, checked: what `hawser serve` takes as flags. An error names the variable, what it says, and what to do.

import { HawserError } from '../base/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../base/log-level.ts';
import { parseOneOf, parseServerAddress, splitList } from '../base/setting-text.ts';
import type { Settings } from '../platform.ts';

/** What [vars] of wrangler.toml may hold: a table or a list comes as JSON, a variable of .dev.vars as a text. */
export type Variable = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;

const VARIABLES = [
  'HAWSER_NAMESPACE',
  'HAWSER_EXTERNAL_URL',
  'HAWSER_LOOPBACK',
  'HAWSER_INSECURE_WEBHOOKS',
  'HAWSER_ALONGSIDE',
  'HAWSER_PEERS',
  'HAWSER_EVENTS',
  'HAWSER_METRICS_CONDITIONS',
  'HAWSER_METRICS_LABELS',
  'HAWSER_LOG_LEVEL',
  /** Argo CD's name of HAWSER_EVENTS. */
  'ARGOCD_ENABLE_K8S_EVENT',
] as const;

export type Variables = Readonly<Partial<Record<(typeof VARIABLES)[number], Variable>>>;

/** What others read: a secret, and what one event may use (limits.ts). */
const OTHERS: readonly string[] = [
  'HAWSER_TOKEN',
  'HAWSER_CONNECTIONS',
  'HAWSER_EVENT_REQUESTS',
  'HAWSER_EVENT_SECONDS',
  'HAWSER_WAIT_SECONDS',
];

export interface WorkerSettings {
  /** Without the token, which is a secret. */
  readonly settings: Omit<Settings, 'token'>;
  readonly logLevel: LogLevel;
}

/** RFC 1123. */
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Throws `InvalidInput` for what cannot be meant. */
export function readVariables(variables: Variables): WorkerSettings {
  const text = (name: keyof Variables) => readText(name, variables[name]);
  const isSet = (name: keyof Variables) => readSwitch(name, variables[name]);
  const list = (name: keyof Variables) => readList(name, variables[name]);
  const namespace = text('HAWSER_NAMESPACE') ?? 'argocd';
  if (!NAMESPACE.test(namespace)) {
    throw new HawserError('InvalidInput', `HAWSER_NAMESPACE ${namespace} is no name of a namespace`, {
      hint: 'small letters, digits and hyphens, at most 63; argocd is the default',
    });
  }
  const externalURL = text('HAWSER_EXTERNAL_URL');
  const peers = list('HAWSER_PEERS').map((peer) => parseServerAddress(peer, 'HAWSER_PEERS'));
  const named = list('HAWSER_EVENTS');
  const events = named.length > 0 ? named : list('ARGOCD_ENABLE_K8S_EVENT');
  const level = text('HAWSER_LOG_LEVEL');
  return {
    logLevel: level === undefined ? 'info' : parseOneOf(LOG_LEVELS, level, 'HAWSER_LOG_LEVEL'),
    settings: {
      namespace,
      loopback: isSet('HAWSER_LOOPBACK'),
      insecureWebhooks: isSet('HAWSER_INSECURE_WEBHOOKS'),
      ...(isSet('HAWSER_ALONGSIDE') && { alongside: true }),
      ...(externalURL !== undefined && { externalURL: parseServerAddress(externalURL, 'HAWSER_EXTERNAL_URL') }),
      ...(peers.length > 0 && { peers }),
      ...(events.length > 0 && { events }),
      metrics: { conditions: list('HAWSER_METRICS_CONDITIONS'), labels: list('HAWSER_METRICS_LABELS') },
    },
  };
}

/** Names that look like hawser's, and mean nothing to it. */
export function unknownVariables(environment: object): readonly string[] {
  const known: readonly string[] = [...VARIABLES, ...OTHERS];
  return Object.keys(environment).filter((name) => name.startsWith('HAWSER_') && !known.includes(name));
}

/** undefined where nothing is said. */
function readText(name: string, value: Variable | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  throw new HawserError('InvalidInput', `${name} is no text`, {
    hint: `in [vars] of wrangler.toml: ${name} = "…"`,
  });
}

function readSwitch(name: string, value: Variable | undefined): boolean {
  if (typeof value === 'boolean') return value;
  const text = readText(name, value)?.toLowerCase() ?? 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new HawserError('InvalidInput', `${name} ${text} is neither true nor false`, {
    hint: `set ${name} to "true", or leave it out`,
  });
}

/** A list, or a text with commas. */
function readList(name: string, value: Variable | undefined): readonly string[] {
  if (!Array.isArray(value)) return splitList([readText(name, value) ?? '']);
  return splitList(value.map((item: unknown) => readText(name, isVariable(item) ? item : {}) ?? ''));
}

function isVariable(value: unknown): value is Variable {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
