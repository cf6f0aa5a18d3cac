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

/** Whoever makes Applications writes their annotations: more subscriptions than this of one object count for nothing. */
export const MOST_SUBSCRIPTIONS = 200;

type Annotations = Readonly<Record<string, string>>;

/** By trigger, each destination once. `tooMany` is called where some do not count. */
export function destinationsOf(
  config: NotificationConfig,
  app: { readonly annotations?: Annotations; readonly labels?: Annotations },
  projectAnnotations: Annotations = {},
  tooMany: () => void = () => undefined,
): ReadonlyMap<string, readonly Destination[]> {
  const found = new Map<string, Map<string, Destination>>();
  const add = (trigger: string, service: string, recipient: string) => {
    const known = found.get(trigger) ?? new Map<string, Destination>();
    known.set(JSON.stringify([service, recipient]), { service, recipient });
    found.set(trigger, known);
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
    let count = 0;
    for (const { trigger, service, recipient } of subscriptionsIn(annotations)) {
      if (++count > MOST_SUBSCRIPTIONS) {
        tooMany();
        break;
      }
      const defaults = config.serviceDefaultTriggers.get(service) ?? config.defaultTriggers;
      for (const one of trigger === '' ? defaults : [trigger]) add(one, service, recipient);
    }
  }
  return new Map([...found].map(([trigger, known]) => [trigger, [...known.values()]]));
}

interface Subscribed extends Destination {
  /** '' for those that are told of by default. */
  readonly trigger: string;
}

function* subscriptionsIn(annotations: Annotations): Generator<Subscribed, void, undefined> {
  for (const [key, value] of Object.entries(annotations)) {
    if (typeof value !== 'string') continue;
    if (key.startsWith(SUBSCRIBE)) {
      const [first = '', second] = key.slice(SUBSCRIBE.length).split('.');
      const [trigger, service] = second === undefined ? ['', first] : [first, second];
      const recipients = value === '' ? [''] : split(value, ';');
      for (const recipient of recipients) yield { trigger, service, recipient };
    } else if (key.startsWith(SUBSCRIPTIONS)) {
      yield* listed(value);
    } else if (key.endsWith(LEGACY)) {
      const trigger = key.slice(0, -LEGACY.length).replace(/\.+$/, '');
      for (const text of split(value, ',')) {
        const [service = '', recipient = ''] = text.split(':');
        yield { trigger, service, recipient };
      }
    }
  }
}

/** `[{trigger: [t], destinations: [{service: s, recipients: [r]}]}]`; what is of another form tells nobody. */
function* listed(text: string): Generator<Subscribed, void, undefined> {
  for (const { trigger, destinations } of objects(parse(text))) {
    const triggers = texts(trigger);
    for (const { service, recipients } of objects(destinations)) {
      for (const recipient of texts(recipients)) {
        for (const one of triggers.length > 0 ? triggers : ['']) {
          yield { trigger: one, service: String(service), recipient };
        }
      }
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(yamlToJson(text));
  } catch {
    return undefined;
  }
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
