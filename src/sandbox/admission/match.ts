// Which webhooks a write concerns: rules, scope, selectors and conditions.
//
// Source: k8s.io/apiserver, pkg/admission/plugin/webhook/{generic/webhook.go,predicates}.

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { forbidden, notFound } from '../http/status.ts';
import type { Resource } from '../resource/resource.ts';
import { labelSelectorOf } from '../storage/selector.ts';
import type { Attributes } from './attributes.ts';
import { parseCondition, type Variables } from './condition.ts';

export type WebhookType = 'mutating' | 'validating';

export interface Webhook {
  /** Of its configuration. */
  readonly configuration: string;
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const STORAGE = {
  mutating: 'admissionregistration.k8s.io/mutatingwebhookconfigurations',
  validating: 'admissionregistration.k8s.io/validatingwebhookconfigurations',
} as const satisfies Record<WebhookType, string>;

/** What registers admission is not admitted by it (rules.IsExemptAdmissionConfigurationResource). */
const EXEMPT =
  /^admissionregistration\.k8s\.io\/(validating|mutating)(webhookconfigurations|admissionpolic(ies|ybindings))$/;

/** All webhooks of a type, in the order of their calls. */
export function webhooksOf(cluster: Cluster, type: WebhookType): Webhook[] {
  return cluster.store.list(STORAGE[type]).flatMap((configuration) => {
    const webhooks = Array.isArray(configuration.webhooks) ? configuration.webhooks.filter(isObject) : [];
    return webhooks.map((body) => ({
      configuration: configuration.metadata.name ?? '',
      name: stringAt(body, 'name') ?? '',
      body,
    }));
  });
}

export function failsOpen(webhook: Webhook): boolean {
  return webhook.body.failurePolicy === 'Ignore';
}

/** The kind's version in which a webhook is told of a write; undefined where rules or selectors leave it out. Throws 404 for a namespace that is gone. */
export function matchWebhook(cluster: Cluster, webhook: Webhook, attributes: Attributes): Resource | undefined {
  if (EXEMPT.test(attributes.resource.storage)) return undefined;
  const told = matchRules(cluster, webhook, attributes);
  if (!told || !matchesNamespace(cluster, webhook, attributes) || !matchesObject(webhook, attributes)) return undefined;
  return told;
}

function matchRules(cluster: Cluster, { body }: Webhook, attributes: Attributes): Resource | undefined {
  const rules = Array.isArray(body.rules) ? body.rules : [];
  const { resource } = attributes;
  const candidates =
    body.matchPolicy === 'Exact'
      ? [resource]
      : [
          resource,
          ...cluster.registry.all().filter((other) => other !== resource && other.storage === resource.storage),
        ];
  return candidates.find((candidate) => rules.some((rule) => matchesRule(rule, candidate, attributes)));
}

function matchesRule(rule: unknown, resource: Resource, attributes: Attributes): boolean {
  const lists = (key: string) => {
    const value = at(rule, key);
    return Array.isArray(value) ? value.map(String) : [];
  };
  const has = (key: string, value: string) => lists(key).some((item) => item === '*' || item === value);
  const isNamespaced = attributes.namespace !== '' && resource.storage !== '/namespaces';
  const scope = at(rule, 'scope') ?? '*';
  return (
    has('operations', attributes.operation) &&
    has('apiGroups', resource.group) &&
    has('apiVersions', resource.version) &&
    (scope === '*' || (scope === 'Namespaced') === isNamespaced) &&
    lists('resources').some((text) => {
      const [plural = '', subresource = ''] = text.split('/');
      return (
        (plural === '*' || plural === resource.plural) &&
        (subresource === '*' || subresource === attributes.subresource)
      );
    })
  );
}

function isEmptySelector(selector: unknown): boolean {
  if (!isObject(selector)) return true;
  const { matchLabels, matchExpressions } = selector;
  const expressions = Array.isArray(matchExpressions) ? matchExpressions.length : 0;
  return expressions === 0 && Object.keys(isObject(matchLabels) ? matchLabels : {}).length === 0;
}

function matchesNamespace(cluster: Cluster, { body }: Webhook, attributes: Attributes): boolean {
  const { namespace, operation, object, resource } = attributes;
  if (namespace === '' && resource.storage !== '/namespaces') return true;
  if (isEmptySelector(body.namespaceSelector)) return true;
  const matches = labelSelectorOf(body.namespaceSelector);
  if (resource.storage === '/namespaces' && attributes.subresource === '' && operation !== 'DELETE')
    return matches(object?.metadata.labels ?? {});
  const found = cluster.store.get('/namespaces', '', namespace);
  if (!found) throw notFound({ group: '', plural: 'namespaces' }, namespace);
  return matches(found.metadata.labels ?? {});
}

/** The object before or after it. */
function matchesObject({ body }: Webhook, { object, oldObject }: Attributes): boolean {
  if (isEmptySelector(body.objectSelector)) return true;
  const matches = labelSelectorOf(body.objectSelector);
  const isMatched = (candidate: KubeObject | undefined) =>
    candidate !== undefined && matches(candidate.metadata.labels ?? {});
  return isMatched(object) || isMatched(oldObject);
}

/** Whether all conditions hold. One that is false decides; an error counts as the failure policy says. Throws 403. */
export function meetsConditions(webhook: Webhook, attributes: Attributes, variables: Variables): boolean {
  const conditions = Array.isArray(webhook.body.matchConditions) ? webhook.body.matchConditions : [];
  const errors: string[] = [];
  for (const condition of conditions) {
    try {
      if (parseCondition(stringAt(condition, 'expression') ?? '')(variables) !== true) return false;
    } catch (error) {
      errors.push(
        `expression '${stringAt(condition, 'expression')}' resulted in error: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (errors.length === 0) return true;
  if (failsOpen(webhook)) return false;
  throw forbidden(attributes.resource, attributes.name, errors.length === 1 ? errors.join() : `[${errors.join(', ')}]`);
}
