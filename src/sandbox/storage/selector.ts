// Label and field selectors.
//
// Source: k8s.io/apimachinery, pkg/labels/selector.go and pkg/fields/selector.go.

import { at, isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { badRequest } from '../http/status.ts';

export type Selector = (object: KubeObject) => boolean;

interface Requirement {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt';
  readonly values: readonly string[];
}

/** Parses `a=b,c!=d,e in (f,g),h,!i`. Throws 400. */
export function parseLabelSelector(text: string | null): Selector {
  const requirements = splitClauses(text ?? '').map(parseRequirement);
  return (object) => requirements.every((requirement) => matches(requirement, object.metadata.labels ?? {}));
}

function splitClauses(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let clause = '';
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === ',' && depth === 0) {
      out.push(clause);
      clause = '';
    } else clause += char;
  }
  return [...out, clause].map((part) => part.trim()).filter((part) => part !== '');
}

function parseRequirement(clause: string): Requirement {
  const set = /^([^\s!=()<>]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(clause);
  if (set) {
    const [, key = '', operator, values = ''] = set;
    return {
      key,
      operator: operator === 'in' ? 'in' : 'notin',
      values: values.split(',').map((value) => value.trim()),
    };
  }
  const order = /^([^\s!=()<>]+)\s*([<>])\s*(\d+)$/.exec(clause);
  if (order) return { key: order[1] ?? '', operator: order[2] === '>' ? 'gt' : 'lt', values: [order[3] ?? ''] };
  const equality = /^([^\s!=()<>]+)\s*(==|=|!=)\s*([^\s!=()<>]*)$/.exec(clause);
  if (equality) {
    const [, key = '', operator, value = ''] = equality;
    return { key, operator: operator === '!=' ? 'notin' : 'in', values: [value] };
  }
  const bare = /^(!?)\s*([^\s!=()<>]+)$/.exec(clause);
  if (bare) return { key: bare[2] ?? '', operator: bare[1] === '!' ? 'absent' : 'exists', values: [] };
  throw badRequest(`unable to parse requirement: ${explain(clause)}`);
}

/** What the parser meets where it wants something else. */
function explain(clause: string): string {
  const [, , rest = ''] = /^([^\s!=()<>]+)\s*(.*)$/.exec(clause) ?? [];
  const operator = /^(?:==|=|!=)\s*/.exec(rest)?.[0];
  if (operator !== undefined)
    return `found '${/^(?:==|=|!=|\S)/.exec(rest.slice(operator.length))?.[0] ?? ''}', expected: identifier`;
  return `found '${rest}', expected: in, notin, =, ==, !=, gt, lt`;
}

function matches({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'lt':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}

/** A LabelSelector of an object (`matchLabels`, `matchExpressions`) as a test of labels. */
export function labelSelectorOf(selector: unknown): (labels: Readonly<Record<string, string>>) => boolean {
  if (!isObject(selector)) return () => false;
  const requirements: Requirement[] = Object.entries(isObject(selector.matchLabels) ? selector.matchLabels : {}).map(
    ([key, value]) => ({ key, operator: 'in', values: [String(value)] }),
  );
  const operators = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: 'absent' } as const;
  for (const expression of Array.isArray(selector.matchExpressions) ? selector.matchExpressions : []) {
    const name = String(at(expression, 'operator'));
    const operator = Object.entries(operators).find(([text]) => text === name)?.[1] ?? 'in';
    const values = at(expression, 'values');
    requirements.push({
      key: String(at(expression, 'key')),
      operator,
      values: Array.isArray(values) ? values.map(String) : [],
    });
  }
  return (labels) => requirements.every((requirement) => matches(requirement, labels));
}

/** Fields that can be selected beside `metadata.name` and `metadata.namespace`, by where objects are kept. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  '/pods': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  '/events': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  '/secrets': ['type'],
  '/namespaces': ['status.phase'],
  '/nodes': ['spec.unschedulable'],
  '/services': ['spec.clusterIP', 'spec.type'],
  '/replicationcontrollers': ['status.replicas'],
  'apps/replicasets': ['status.replicas'],
  'batch/jobs': ['status.successful'],
  'certificates.k8s.io/certificatesigningrequests': ['spec.signerName'],
};

/** Parses `metadata.name=x,status.phase!=Running` for a resource. Throws 400 for fields that cannot be selected. */
export function parseFieldSelector(text: string | null, storage: string, extra: readonly string[] = []): Selector {
  const clauses = (text ?? '').split(',').filter((clause) => clause !== '');
  const known = ['metadata.name', 'metadata.namespace', ...(SELECTABLE[storage] ?? []), ...extra];
  const tests = clauses.map((clause) => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(clause);
    if (!match) throw badRequest(`invalid selector: '${text ?? ''}'; can't understand '${clause}'`);
    const [, field = '', operator, value = ''] = match;
    if (!known.includes(field)) throw badRequest(`field label not supported: ${field}`);
    return { path: field.split('.'), negated: operator === '!=', value };
  });
  return (object) =>
    tests.every(({ path, negated, value }) => (String(at(object, ...path) ?? '') === value) !== negated);
}
