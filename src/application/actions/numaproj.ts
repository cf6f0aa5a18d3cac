// Numaflow's and Numaplane's kinds (Argo CD: resource_customizations/numa*.numaproj.io).

import { at, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type Action, type ActionTable, annotation, type KindActions, settingUnless, withField } from './action.ts';

const ICON = 'fa-solid fa-fw';
const PAUSE = { iconClass: `${ICON} fa-pause` };
const GRADUAL = { displayName: 'Unpause (gradual)', iconClass: `${ICON} fa-play` };
const FAST = { displayName: 'Unpause (fast)', iconClass: `${ICON} fa-play` };

const UPGRADE = 'numaplane.numaproj.io/upgrade-state';
const FORCE = 'numaplane.numaproj.io/force-promote';
const MAY_LOSE = 'numaplane.numaproj.io/allow-data-loss';
const LEAVES = 'numaplane.numaproj.io/marked-for-deletion';
const RESUMES = 'numaflow.numaproj.io/allowed-resume-strategies';
const RESUME = 'numaflow.numaproj.io/resume-strategy';

const label = (object: KubeObject, name: string) => object.metadata.labels?.[name];
const note = (name: string) => ['metadata', 'annotations', name];

const forcePromote = (offer: object = {}): Action =>
  settingUnless(
    (object) => !['in-progress', 'trial'].includes(label(object, UPGRADE) ?? '') || label(object, FORCE) === 'true',
    { ...offer, iconClass: `${ICON} fa-forward` },
    ['metadata', 'labels', FORCE],
    'true',
  );

/** What is paused lies at `spec` followed by this path, and how it may resume at `strategies` in its metadata. */
interface Pausable {
  readonly lifecycle: readonly string[];
  readonly strategies: readonly string[];
  /** Whoever owns the object would turn it back. */
  isForeign(object: KubeObject): boolean;
  resume(object: KubeObject, how: 'fast' | 'slow'): KubeObject;
}

function pausing({ lifecycle, strategies, isForeign, resume }: Pausable): KindActions {
  const phase = [...lifecycle, 'desiredPhase'];
  const isPaused = (object: KubeObject) => at(object, ...phase) === 'Paused';
  const may = (object: KubeObject, how: 'fast' | 'slow') => {
    const allowed = stringAt(object, ...strategies, 'annotations', RESUMES);
    if (allowed === 'slow, fast') return true;
    return how === 'fast' ? allowed === 'fast' : allowed !== 'fast';
  };
  const unpause = (how: 'fast' | 'slow', offer: object): Action => ({
    offer: (object) => ({ ...offer, disabled: isForeign(object) || !isPaused(object) || !may(object, how) }),
    run: (object) => resume(withField(object, phase, 'Running'), how),
  });
  return {
    pause: settingUnless((object) => isForeign(object) || isPaused(object), PAUSE, phase, 'Paused'),
    'unpause-gradual': unpause('slow', GRADUAL),
    'unpause-fast': unpause('fast', FAST),
  };
}

const isOwnedBy = (object: KubeObject, kind: string) =>
  object.metadata.ownerReferences?.some((owner) => owner.kind === kind) ?? false;

const setStrategy = (object: KubeObject, how: 'fast' | 'slow') =>
  withField(object, ['spec', 'strategy', 'pauseResume', 'fastResume'], how === 'fast');

const MONO_VERTEX = pausing({
  lifecycle: ['spec', 'lifecycle'],
  strategies: ['spec', 'metadata'],
  isForeign: (object) => isOwnedBy(object, 'MonoVertexRollout'),
  resume: (object, how) => (how === 'fast' ? object : withField(object, ['spec', 'replicas'], undefined)),
});

const PIPELINE = pausing({
  lifecycle: ['spec', 'lifecycle'],
  strategies: ['spec', 'metadata'],
  isForeign: (object) => isOwnedBy(object, 'PipelineRollout') && label(object, UPGRADE) !== 'recyclable-expired',
  resume: (object, how) => withField(object, note(RESUME), how),
});

const LOCK = { displayName: 'Disallow Data Loss', iconClass: `${ICON} fa-lock` };
const UNLOCK = { displayName: 'Allow (Possible) Data Loss', iconClass: `${ICON} fa-unlock` };
const TRASH = { displayName: 'Delete', iconClass: `${ICON} fa-trash` };

export const NUMAPROJ: ActionTable = {
  'numaflow.numaproj.io/InterStepBufferService': { 'force-promote': forcePromote() },
  'numaflow.numaproj.io/MonoVertex': {
    ...MONO_VERTEX,
    'force-promote': forcePromote({ displayName: 'Force Promote' }),
  },
  'numaflow.numaproj.io/Pipeline': {
    ...PIPELINE,
    'force-promote': forcePromote({ displayName: 'Force Promote' }),
    delete: settingUnless(
      (object) => !['recyclable', 'recyclable-expired'].includes(label(object, UPGRADE) ?? ''),
      TRASH,
      note(LEAVES),
      'true',
    ),
  },
  'numaplane.numaproj.io/MonoVertexRollout': pausing({
    lifecycle: ['spec', 'monoVertex', 'spec', 'lifecycle'],
    strategies: ['spec', 'monoVertex', 'metadata'],
    isForeign: () => false,
    resume: setStrategy,
  }),
  'numaplane.numaproj.io/PipelineRollout': {
    ...pausing({
      lifecycle: ['spec', 'pipeline', 'spec', 'lifecycle'],
      strategies: ['spec', 'pipeline', 'metadata'],
      isForeign: () => false,
      resume: setStrategy,
    }),
    'allow-data-loss': settingUnless(
      (object) => stringAt(object, 'status', 'upgradeInProgress') !== 'PipelinePauseAndDrain',
      UNLOCK,
      note(MAY_LOSE),
      'true',
    ),
    'disallow-data-loss': settingUnless(
      (object) => annotation(object, MAY_LOSE) !== 'true',
      LOCK,
      note(MAY_LOSE),
      'false',
    ),
  },
};
