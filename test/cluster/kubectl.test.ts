// The sessions of kubectl that the sandbox is held to, on a real API server.

import { afterAll, beforeAll, describe, it } from 'vitest';
import { newNamespace } from '../sandbox/kube/differential/run.ts';
import { runSession } from '../sandbox/kube/kubectl/run.ts';
import { SESSIONS } from '../sandbox/kube/kubectl/sessions.ts';
import { createHome, type Home } from '../support/hawser-process.ts';
import { findPeer } from '../support/peers.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const kubectl = findPeer('kubectl');
const missing = kubectl ? missingCluster() : 'no kubectl (bash .ci/peers.sh kubernetes builds it)';
if (missing) console.warn(`SKIPPED: kubectl on a real API server: ${missing}`);

describe.skipIf(missing !== undefined)('kubectl on a real API server', () => {
  let cluster: RealCluster;
  let home: Home;
  beforeAll(async () => {
    home = createHome();
    cluster = await startRealCluster();
  });
  afterAll(async () => {
    await cluster?.stop();
    home?.remove();
  });

  it.each(SESSIONS)('$title', { timeout: 120_000 }, (session) =>
    runSession({ kubectl: kubectl ?? '', kubeconfig: cluster.kubeconfig, home }, session, newNamespace('kubectl')),
  );
});
