// The connections that workerd cannot make: this process makes them for the Worker that it launched, as hawser on Node does.

import { HawserError } from '../base/errors.ts';
import { readMessage } from '../base/far-side.ts';
import type {
  ClusterConnection,
  ClusterTransport,
  ConnectedFetch,
  NamedCluster,
  OutboundRequest,
} from '../platform.ts';
import { type BoundRequest, bodyOf } from './binding-service.ts';
import { connectCluster } from './connect-cluster.ts';
import { createConnectedFetch } from './connected-fetch.ts';

/** Clusters whose connections are kept; the one that was used longest ago is let go. */
const MAX_CLUSTERS = 64;

export interface Outbound {
  /** A message whose head is an OutboundRequest. Throws what the request throws. */
  handle(request: BoundRequest): Promise<Response>;
  close(): void;
}

export interface OutboundParts {
  readonly fetch?: ConnectedFetch;
  readonly namedClusters?: readonly NamedCluster[];
}

export function createOutbound({ fetch = createConnectedFetch(), namedClusters = [] }: OutboundParts = {}): Outbound {
  const clusters = new Map<string, ClusterTransport>();

  function transportTo(connection: ClusterConnection): ClusterTransport {
    const key = JSON.stringify(connection);
    const transport = clusters.get(key) ?? connectCluster(connection);
    clusters.delete(key);
    clusters.set(key, transport);
    const [oldest] = clusters;
    if (oldest && clusters.size > MAX_CLUSTERS) {
      clusters.delete(oldest[0]);
      oldest[1].close?.();
    }
    return transport;
  }

  return {
    handle: async ({ body: message, signal }) => {
      const { head, body } = readMessage(message);
      // The Worker's half of the same program wrote it, and nobody else has the key.
      const request = head as OutboundRequest;
      const { method, redirect } = request;
      const init = {
        method,
        redirect,
        headers: request.headers.map(([name, value]): [string, string] => [name, value]),
        signal,
      };
      if ('cluster' in request) {
        return transportTo(request.cluster).fetch(request.path, { ...init, ...bodyOf({ body }) });
      }
      if ('named' in request) {
        const found = namedClusters.find(({ name }) => name === request.named);
        if (!found) throw new HawserError('NotFound', `there is no context ${request.named} any more`);
        return found.transport.fetch(request.path, { ...init, ...bodyOf({ body }) });
      }
      return fetch(request.url, { ...init, ...(body.length > 0 && { body }) }, request.options);
    },
    close: () => {
      for (const transport of clusters.values()) transport.close?.();
      clusters.clear();
    },
  };
}
