import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../src/application/types.ts';
import { resourceHealth } from '../../src/health/health.ts';
import type { KubeObject } from '../../src/kube/object.ts';

type Fields = Readonly<Record<string, unknown>>;

const gadget = (status?: Fields, generation = 1, apiVersion = 'example.com/v1'): KubeObject => ({
  apiVersion,
  kind: 'Gadget',
  metadata: { name: 'g', generation },
  ...(status && { status }),
});
const conditions = (...list: readonly Fields[]) => ({ conditions: list });

const CASES: readonly (readonly [title: string, object: KubeObject, expected: HealthStatus | undefined])[] = [
  ['without a status', gadget(), undefined],
  ['whose status holds nothing of the kind', gadget({ phase: 'Running' }), undefined],
  ['with conditions that nobody agreed on', gadget(conditions({ type: 'Happy', status: 'False' })), undefined],
  ['that is seen and tells no more', gadget({ observedGeneration: 1 }), undefined],
  [
    'whose newest spec is not seen yet',
    gadget({ observedGeneration: 1, ...conditions({ type: 'Ready', status: 'True' }) }, 2),
    { status: 'Progressing', message: 'Waiting for generation 2 to be observed' },
  ],
  [
    'that is Ready',
    gadget(conditions({ type: 'Ready', status: 'True', message: 'up' })),
    { status: 'Healthy', message: 'up' },
  ],
  [
    'that is not Ready',
    gadget(conditions({ type: 'Ready', status: 'False', message: 'starting' })),
    { status: 'Progressing', message: 'starting' },
  ],
  [
    'of which nobody knows whether it is Ready',
    gadget(conditions({ type: 'Ready', status: 'Unknown' })),
    { status: 'Progressing' },
  ],
  [
    'whose Ready is of an older generation',
    gadget(conditions({ type: 'Ready', status: 'True', observedGeneration: 1 }), 2),
    { status: 'Progressing' },
  ],
  ['that is Available', gadget(conditions({ type: 'Available', status: 'True' })), { status: 'Healthy' }],
  [
    'that is Available but not Ready',
    gadget(conditions({ type: 'Available', status: 'True' }, { type: 'Ready', status: 'False' })),
    { status: 'Progressing' },
  ],
  [
    'that has given up',
    gadget(conditions({ type: 'Ready', status: 'True' }, { type: 'Stalled', status: 'True', reason: 'Quota' })),
    { status: 'Degraded', message: 'Quota' },
  ],
  [
    'that is at work',
    gadget(conditions({ type: 'Ready', status: 'True' }, { type: 'Reconciling', status: 'True', message: 'step 2' })),
    { status: 'Progressing', message: 'step 2' },
  ],
  ["of Kubernetes' own groups", gadget(conditions({ type: 'Ready', status: 'False' }), 1, 'v1'), undefined],
];

describe('a kind that no table knows', () => {
  it.each(CASES)('%s', (_, object, expected) => {
    expect(resourceHealth(object)).toEqual(expected);
  });
});
