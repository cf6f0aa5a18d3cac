// People and programs edit an Application while hawser works on it: nothing that was asked for is lost.

import { expect, it } from 'vitest';
import type { ClusterTransport } from '../../src/platform.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround } from '../support/ground.ts';

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';

const behaviour: Behaviour = (cluster) => {
  it('an operation is taken up although somebody annotates the Application between reading and recording', async () => {
    let edit: (() => Promise<unknown>) | undefined;
    const { transport } = cluster;
    /** Edits at the first dry run: the Application has been read, and its operation not yet taken up. */
    const gate: ClusterTransport = {
      ...transport,
      fetch: async (path, init) => {
        const due = /dryRun=All/.test(path) ? edit : undefined;
        if (due) edit = undefined;
        await due?.();
        return transport.fetch(path, init);
      },
    };
    const ground = await createGround(gate, { namespace: cluster.freshNamespace('argocd') });
    try {
      const namespace = cluster.freshNamespace('edited');
      const repository = await ground.createRepository('devops/edited', { 'm/a.yaml': MAP });
      await ground.createApplication({ name: 'edited', repository, path: 'm', destinationNamespace: namespace });
      await ground.refresh('edited');
      edit = () =>
        ground.client.patch(
          {
            apiVersion: 'argoproj.io/v1alpha1',
            kind: 'Application',
            namespace: ground.namespace,
            name: 'edited',
          },
          { metadata: { annotations: { 'team.example.com/note': 'edited' } } },
          { type: 'merge' },
        );
      const { status, operation, metadata } = await ground.sync('edited');
      expect(metadata.annotations).toMatchObject({ 'team.example.com/note': 'edited' });
      expect(operation).toBeUndefined();
      expect(status.operationState).toMatchObject({ phase: 'Succeeded' });
      expect(status.sync?.status).toBe('Synced');
      expect(status.conditions ?? []).toEqual([]);
    } finally {
      await ground.close();
    }
  });
};

export default behaviour;
