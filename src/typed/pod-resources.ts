// The requests of a Pod as a whole, where it has limits as a whole (k8s.io/kubernetes: pkg/apis/core/v1/defaults.go,
// defaultPodRequests; component-helpers: resource/helpers.go, AggregateContainerRequests). Huge pages are left alone.

import { isObject } from '../base/json.ts';
import { formatQuantity, parseQuantity, type Quantity } from './quantity.ts';

type Obj = Record<string, unknown>;

const RESOURCES = ['cpu', 'memory'] as const;

/** Sets them in place: what its containers ask for together, or else the limit. */
export function setPodRequests(spec: Obj): void {
  const { resources } = spec;
  if (!isObject(resources) || !isObject(resources.limits) || Object.keys(resources.limits).length === 0) return;
  const requests: Obj = { ...(isObject(resources.requests) ? resources.requests : {}) };
  for (const name of RESOURCES) {
    const together = aggregate(spec, name);
    const value = together ? formatQuantity(together) : resources.limits[name];
    if (requests[name] === undefined && value !== undefined) requests[name] = value;
  }
  if (Object.keys(requests).length > 0) resources.requests = requests;
}

/** Containers run beside each other and beside the init containers that stay; other init containers run one after the other. */
function aggregate(spec: Obj, name: string): Quantity | undefined {
  let sum: Quantity | undefined;
  for (const container of listOf(spec.containers)) sum = add(sum, requestOf(container, name));
  let staying: Quantity | undefined;
  let peak: Quantity | undefined;
  for (const container of listOf(spec.initContainers)) {
    const own = requestOf(container, name);
    if (container.restartPolicy === 'Always') {
      sum = add(sum, own);
      staying = add(staying, own);
      peak = larger(peak, staying);
    } else peak = larger(peak, own && add(own, staying));
  }
  return larger(sum, peak);
}

function requestOf(container: Obj, name: string): Quantity | undefined {
  const requests = isObject(container.resources) ? container.resources.requests : undefined;
  const text = isObject(requests) ? requests[name] : undefined;
  return text === undefined ? undefined : parseQuantity(String(text));
}

function add(a: Quantity | undefined, b: Quantity | undefined): Quantity | undefined {
  if (!a || !b) return a ?? b;
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}

function larger(a: Quantity | undefined, b: Quantity | undefined): Quantity | undefined {
  return a && b ? (b.nano > a.nano ? b : a) : (a ?? b);
}

function listOf(value: unknown): Obj[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
