// Endpoints in the one order that the API server gives them (Kubernetes: pkg/api/v1/endpoints/util.go, SortSubsets).

import { md5 } from '@noble/hashes/legacy.js';
import { isObject, stringAt } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';

const encoder = new TextEncoder();

/** Addresses by their text, ports by a hash of their Go value, with the default protocol. */
export function normalizeEndpoints(object: KubeObject): KubeObject {
  if (!Array.isArray(object.subsets)) return object;
  const subsets = object.subsets.map((subset: unknown) => {
    if (!isObject(subset)) return subset;
    const ports = Array.isArray(subset.ports) ? subset.ports.map(withProtocol) : undefined;
    return {
      ...subset,
      ...sortedList(subset, 'addresses', addressOrder),
      ...sortedList(subset, 'notReadyAddresses', addressOrder),
      ...(ports ? { ports: sortBy(ports, portOrder) } : {}),
    };
  });
  return { ...object, subsets: sortBy(subsets, (subset) => JSON.stringify(subset)) };
}

function withProtocol(port: unknown): unknown {
  return isObject(port) ? { ...port, protocol: port.protocol || 'TCP' } : port;
}

function sortedList(subset: Record<string, unknown>, key: string, orderOf: (entry: unknown) => string) {
  const list = subset[key];
  return Array.isArray(list) ? { [key]: sortBy(list, orderOf) } : {};
}

function addressOrder(address: unknown): string {
  return `${stringAt(address, 'ip') ?? ''}\0${stringAt(address, 'targetRef', 'uid') ?? ''}`;
}

/** The text that go-spew writes of a port is what Kubernetes hashes. */
function portOrder(port: unknown): string {
  const fields = isObject(port) ? port : {};
  const name = String(fields.name ?? '');
  const appProtocol = typeof fields.appProtocol === 'string' ? fields.appProtocol : '<nil>';
  const text = `(v1.EndpointPort){Name:(string)${name} Port:(int32)${String(fields.port ?? 0)} Protocol:(v1.Protocol)${String(fields.protocol ?? '')} AppProtocol:(*string)${appProtocol}}`;
  return md5(encoder.encode(text)).reduce((hex, byte) => hex + byte.toString(16).padStart(2, '0'), '');
}

function sortBy(list: readonly unknown[], orderOf: (entry: unknown) => string): unknown[] {
  const keyed = list.map((entry) => ({ entry, order: orderOf(entry) }));
  keyed.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  return keyed.map(({ entry }) => entry);
}
