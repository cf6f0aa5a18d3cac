// Who is to be told of what: annotations of the Application and its AppProject, and the ConfigMap's subscriptions
// (notifications-engine: pkg/subscriptions; Argo CD: util/notification/settings/legacy.go).

import { isObject } from '../base/json.ts';
import { yamlToJson } from '../render/yaml/decode.ts';
import type { NotificationConfig } from './config.ts';

export interface Destination {
  readonly service: string;
  readonly recipient: string;
}

const SUBSCRIBE = 'notifications.argoproj.io/subscribe.';
const SUBSCRIPTIONS = 'notifications.argoproj.io/subscriptions';
const LEGACY = 'recipients.argocd-notifications.argoproj.io';

type Annotations = Readonly<Record<string, string>>;

/** By trigger, each destination once. */
export function destinationsOf(
  config: NotificationConfig,
  app: { readonly annotations?: Annotations; readonly labels?: Annotations },
  projectAnnotations: Annotations = {},
): ReadonlyMap<string, readonly Destination[]> {
  const found = new Map<string, Destination[]>();
  const add = (trigger: string, service: string, recipient: string) => {
    const known = found.get(trigger) ?? [];
    const isKnown = known.some((one) => one.service === service && one.recipient === recipient);
    if (!isKnown) found.set(trigger, [...known, { service, recipient }]);
  };
  for (const { recipients, triggers, selector } of config.subscriptions) {
    if (!selector(app.labels ?? {})) continue;
    for (const trigger of triggers.length > 0 ? triggers : config.defaultTriggers) {
      for (const text of recipients) {
        const [service = '', recipient = ''] = text.split(':');
        add(trigger, service, recipient);
      }
    }
  }
  for (const annotations of [app.annotations ?? {}, projectAnnotations]) {
    for (const { trigger, service, recipient } of subscriptionsIn(annotations)) {
      const defaults = config.serviceDefaultTriggers.get(service) ?? config.defaultTriggers;
      for (const one of trigger === '' ? defaults : [trigger]) add(one, service, recipient);
    }
  }
  return found;
}

interface Subscribed extends Destination {
  /** '' for those that are told of by default. */
  readonly trigger: string;
}

function subscriptionsIn(annotations: Annotations): readonly Subscribed[] {
  return Object.entries(annotations).flatMap(([key, value]): readonly Subscribed[] => {
    if (typeof value !== 'string') return [];
    if (key.startsWith(SUBSCRIBE)) {
      const [first = '', second] = key.slice(SUBSCRIBE.length).split('.');
      const [trigger, service] = second === undefined ? ['', first] : [first, second];
      const recipients = value === '' ? [''] : split(value, ';');
      return recipients.map((recipient) => ({ trigger, service, recipient }));
    }
    if (key.startsWith(SUBSCRIPTIONS)) return listed(value);
    if (!key.endsWith(LEGACY)) return [];
    const trigger = key.slice(0, -LEGACY.length).replace(/\.+$/, '');
    return split(value, ',').map((text) => {
      const [service = '', recipient = ''] = text.split(':');
      return { trigger, service, recipient };
    });
  });
}

/** `[{trigger: [t], destinations: [{service: s, recipients: [r]}]}]`; what is of another form tells nobody. */
function listed(text: string): readonly Subscribed[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(yamlToJson(text));
  } catch {
    return [];
  }
  return objects(parsed).flatMap(({ trigger, destinations }) => {
    const triggers = texts(trigger);
    return objects(destinations).flatMap(({ service, recipients }) =>
      texts(recipients).flatMap((recipient) =>
        (triggers.length > 0 ? triggers : ['']).map((one) => ({ trigger: one, service: String(service), recipient })),
      ),
    );
  });
}

function objects(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function split(text: string, by: string): readonly string[] {
  return text
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
