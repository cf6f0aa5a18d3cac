// Numaflow's pipelines and Numaplane's rollouts of them (Argo CD: resource_customizations/{numaflow,numaplane}.numaproj.io).

import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import {
  type Assess,
  always,
  conditions,
  type Family,
  first,
  get,
  isObserved,
  type Row,
  readConditions,
  show,
  waiting,
} from '../rules.ts';

interface FlowKind {
  readonly kind: string;
  /** The phases that mean a pause. */
  readonly paused: readonly string[];
  /** What a condition that is False says; its own message by default. */
  readonly unhealthy?: string;
  readonly isUpgradedProgressively: boolean;
}

function flow({ kind, paused, unhealthy, isUpgradedProgressively }: FlowKind): Assess {
  return first(
    (object) => {
      if (get(object, 'status') === undefined || !isObserved(object)) return undefined;
      const phase = show(object, 'status.phase') ?? '';
      if (phase === 'Failed') return health('Degraded', show(object, 'status.message'));
      const result = object.metadata.labels?.['numaplane.numaproj.io/progressive-result-state'];
      if (isUpgradedProgressively && result === 'failed') return health('Degraded', 'Failed progressive upgrade');
      const broken = readConditions(object).findLast(({ status }) => status === 'False');
      if (broken) return health('Degraded', unhealthy ?? broken.message);
      if (paused.includes(phase)) return health('Healthy', `${kind} is paused`);
      return phase === 'Running' ? health('Healthy', `${kind} is healthy`) : undefined;
    },
    waiting(`Waiting for ${kind} status`),
  );
}

interface RolloutKind {
  /** The reason of a child that failed; any but Progressing when left out. */
  readonly failure?: string;
  /** Whether a failed progressive upgrade is told by a condition. */
  readonly isProgressive: boolean;
  /** The condition that means a pause. */
  readonly paused?: string;
  readonly unknown: string;
}

function rollout({ failure, isProgressive, paused, unknown }: RolloutKind): Assess {
  const upgradeFailed = conditions(['ProgressiveUpgradeSucceeded=False', 'Degraded', 'Progressive upgrade failed']);
  const childFailed: Row = [`ChildResourcesHealthy=False:${failure ?? '!Progressing'}`, 'Degraded'];
  const isUpgrading = (object: KubeObject) => {
    const isUnderWay = Boolean(get(object, 'status.upgradeInProgress')) || get(object, 'status.phase') === 'Pending';
    return isUnderWay && !(isProgressive && upgradeFailed(object));
  };
  return first(
    (object) =>
      get(object, 'status') === undefined || !isObserved(object)
        ? health('Progressing', 'Not yet reconciled')
        : undefined,
    (object) => (isUpgrading(object) ? health('Progressing', 'Update in progress') : undefined),
    conditions(['ChildResourcesHealthy=False:Progressing', 'Progressing', 'Child Progressing']),
    (object) =>
      get(object, 'status.phase') === 'Failed' ? health('Degraded', show(object, 'status.message')) : undefined,
    isProgressive
      ? conditions(childFailed, ['ProgressiveUpgradeSucceeded=False', 'Degraded', 'Progressive upgrade failed'])
      : conditions(childFailed),
    paused === undefined ? conditions() : conditions([`${paused}=True`, 'Healthy']),
    conditions(['ChildResourcesHealthy=True', 'Healthy', 'Healthy']),
    always('Unknown', unknown),
  );
}

const SUBRESOURCES = 'Subresources are unhealthy';

export const NUMAPROJ: Family = {
  'numaflow.numaproj.io/InterStepBufferService': flow({
    kind: 'InterStepBufferService',
    paused: [],
    isUpgradedProgressively: true,
  }),
  'numaflow.numaproj.io/MonoVertex': flow({
    kind: 'MonoVertex',
    paused: ['Paused'],
    unhealthy: SUBRESOURCES,
    isUpgradedProgressively: true,
  }),
  'numaflow.numaproj.io/Pipeline': flow({
    kind: 'Pipeline',
    paused: ['Paused', 'Pausing'],
    unhealthy: SUBRESOURCES,
    isUpgradedProgressively: true,
  }),
  'numaflow.numaproj.io/Vertex': flow({ kind: 'Vertex', paused: ['Paused'], isUpgradedProgressively: false }),
  'numaplane.numaproj.io/ISBServiceRollout': rollout({
    failure: 'ISBSvcFailed',
    isProgressive: true,
    unknown: 'Unknown status',
  }),
  'numaplane.numaproj.io/MonoVertexRollout': rollout({
    failure: 'MonoVertexFailed',
    isProgressive: true,
    paused: 'MonoVertexPausingOrPaused',
    unknown: 'Unknown MonoVertex status',
  }),
  'numaplane.numaproj.io/NumaflowControllerRollout': rollout({ isProgressive: false, unknown: 'Unknown status' }),
  'numaplane.numaproj.io/PipelineRollout': rollout({
    failure: 'PipelineFailed',
    isProgressive: true,
    paused: 'PipelinePausingOrPaused',
    unknown: 'Unknown Pipeline status',
  }),
};
