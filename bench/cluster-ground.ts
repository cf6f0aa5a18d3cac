// A whole hawser inside this process over a real API server, and what it sent there.

import { createKubeClient } from '../src/kube/client.ts';
import { connectKubeconfig } from '../src/node/kubeconfig.ts';
import { prepareHome } from '../src/operation/prepare-home.ts';
import type { ClusterTransport } from '../src/platform.ts';
import { type ControlPlane, missingControlPlane, startControlPlane } from '../test/support/control-plane.ts';
import { createGround, type Ground } from '../test/support/ground.ts';

export interface SentRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly beginMs: number;
  /** When the answer's head was there. */
  readonly endMs: number;
}

export interface BenchGround {
  readonly plane: ControlPlane;
  readonly ground: Ground;
  /** What hawser has sent, not what the bench has. */
  readonly requests: { all(): readonly SentRequest[]; clear(): void };
  close(): Promise<void>;
}

/** Or why there can be none here. */
export async function openBenchGround(): Promise<BenchGround | string> {
  const missing = missingControlPlane();
  if (missing !== undefined) return missing;
  const plane = await startControlPlane({ durable: true });
  try {
    // By a token for both, as a Pod in the cluster would.
    const transport = await connectKubeconfig({ kubeconfig: plane.tokenKubeconfig });
    await prepareHome(createKubeClient(transport, { fieldManager: 'bench' }), 'argocd');
    const sent: SentRequest[] = [];
    const ground = await createGround(recording(transport, sent));
    return {
      plane,
      ground,
      requests: {
        all: () => [...sent],
        clear: () => {
          sent.length = 0;
        },
      },
      close: async () => {
        await ground.close();
        await plane.stop();
      },
    };
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

function recording(transport: ClusterTransport, sent: SentRequest[]): ClusterTransport {
  return {
    ...transport,
    fetch: async (path, init) => {
      const beginMs = performance.now();
      const response = await transport.fetch(path, init);
      sent.push({ method: init?.method ?? 'GET', path, beginMs, endMs: performance.now() });
      return response;
    },
  };
}
