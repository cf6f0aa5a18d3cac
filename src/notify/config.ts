// argocd-notifications-cm and argocd-notifications-secret as Argo CD's users have them (notifications-engine: pkg/api/config.go): services,
// templates, triggers, subscriptions. One part that is wrong leaves the others as they are, and is told.

import { messageOf } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { yamlToJson } from '../render/yaml/decode.ts';
import { DEFAULT_TEMPLATES, DEFAULT_TRIGGERS } from './catalog.ts';
import { parseSelector, type Selector } from './selector.ts';

export const NOTIFICATIONS_CONFIG = 'argocd-notifications-cm';
export const NOTIFICATIONS_SECRET = 'argocd-notifications-secret';

/** What a `service.<type>[.<name>]` says; secrets stand where it names them. */
export interface ServiceConfig {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** One of the conditions of a trigger. */
export interface Condition {
  readonly when: string;
  readonly send: readonly string[];
  readonly oncePer?: string;
}

/** `message`, and a part for each service that wants more. */
export type Template = Readonly<Record<string, unknown>>;

export interface Subscription {
  /** `service:recipient` */
  readonly recipients: readonly string[];
  readonly triggers: readonly string[];
  readonly selector: Selector;
}

export interface NotificationConfig {
  readonly services: ReadonlyMap<string, ServiceConfig>;
  readonly templates: ReadonlyMap<string, Template>;
  readonly triggers: ReadonlyMap<string, readonly Condition[]>;
  readonly subscriptions: readonly Subscription[];
  readonly defaultTriggers: readonly string[];
  readonly serviceDefaultTriggers: ReadonlyMap<string, readonly string[]>;
  readonly context: Readonly<Record<string, string>>;
  /** What templates may see of the Secret. */
  readonly secrets: Readonly<Record<string, Uint8Array>>;
  /** What is wrong or has no effect: `trigger.x: …`. */
  readonly problems: readonly string[];
}

/** `secrets`: the Secret's data, decoded. */
export function parseNotificationConfig(
  data: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>> = {},
): NotificationConfig {
  const services = new Map<string, ServiceConfig>();
  const templates = new Map(Object.entries(DEFAULT_TEMPLATES));
  const triggers = new Map(Object.entries(DEFAULT_TRIGGERS));
  const serviceDefaultTriggers = new Map<string, readonly string[]>();
  const problems: string[] = [];
  const single: {
    subscriptions: readonly Subscription[];
    defaultTriggers: readonly string[];
    context: Record<string, string>;
  } = { subscriptions: [], defaultTriggers: [], context: {} };

  const read: Readonly<Record<string, (name: string, value: unknown) => void>> = {
    service: (name, value) => {
      const [type = '', own = type, ...rest] = name.split('.');
      if (rest.length > 0) throw new Error('a service is called service.<type> or service.<type>.<name>');
      const options = withSecrets(isObject(value) ? value : {}, secrets, (key) =>
        problems.push(`service.${name}: ${NOTIFICATIONS_SECRET} has no key ${key}`),
      );
      services.set(own, { type, options: isObject(options) ? options : {} });
    },
    template: (name, value) => {
      if (!isObject(value)) throw new Error('a template is a mapping');
      templates.set(name, value);
    },
    trigger: (name, value) => {
      triggers.set(name, listOf(value).map(parseCondition));
    },
    defaultTriggers: (name, value) => {
      if (name === '') single.defaultTriggers = textsOf(value);
      else serviceDefaultTriggers.set(name, textsOf(value));
    },
    subscriptions: (_, value) => {
      single.subscriptions = listOf(value).map(parseSubscription);
    },
    context: (_, value) => {
      const entries = Object.entries(isObject(value) ? value : {});
      single.context = Object.fromEntries(entries.map(([key, text]) => [key, String(text)]));
    },
  };

  for (const [key, text] of Object.entries(data)) {
    const [kind = ''] = key.split('.');
    const reader = Object.hasOwn(read, kind) ? read[kind] : undefined;
    if (!reader) continue;
    try {
      reader(key.slice(kind.length + 1), JSON.parse(yamlToJson(text)));
    } catch (error) {
      problems.push(`${key}: ${messageOf(error)}`);
    }
  }
  const bytes = new TextEncoder();
  return {
    ...{ services, templates, triggers, serviceDefaultTriggers, problems, ...single },
    secrets: Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, bytes.encode(value)])),
  };
}

function parseCondition(value: unknown): Condition {
  const oncePer = stringAt(value, 'oncePer');
  const when = isObject(value) ? value.when : undefined;
  return {
    // `when: true` is a text for whoever writes it.
    when: typeof when === 'boolean' ? String(when) : (stringAt(value, 'when') ?? 'false') || 'false',
    send: textsOf(isObject(value) ? value.send : undefined),
    ...(oncePer && { oncePer }),
  };
}

function parseSubscription(value: unknown): Subscription {
  const { recipients, triggers, selector } = isObject(value) ? value : {};
  return {
    recipients: textsOf(recipients),
    triggers: textsOf(triggers),
    selector: parseSelector(typeof selector === 'string' ? selector : ''),
  };
}

function listOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new Error('a list was expected');
  return value;
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

/** `$key` in any text of a service's options is what the Secret has under that key. */
function withSecrets(
  value: unknown,
  secrets: Readonly<Record<string, string>>,
  missing: (key: string) => void,
): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$([\w-]+)/g, (reference, key: string) => {
      if (Object.hasOwn(secrets, key)) return secrets[key] ?? '';
      missing(key);
      return reference;
    });
  }
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, secrets, missing));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item, secrets, missing)]));
}
