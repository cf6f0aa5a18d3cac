// Deployments, StatefulSets and DaemonSets (Argo CD: resource_customizations/apps).

import { HawserError } from '../../base/errors.ts';
import { type Action, type ActionTable, isTrue, settingUnless, stamping, withField } from './action.ts';

/** As `kubectl rollout restart` does it. */
const RESTARTED_AT = ['spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt'];

const restart = stamping(() => ({ iconClass: 'fa fa-fw fa-redo' }), RESTARTED_AT);

const scale: Action = {
  offer: () => ({ iconClass: 'fa fa-fw fa-plus-circle', params: [{ name: 'replicas' }] }),
  run: (object, { parameters }) => withField(object, ['spec', 'replicas'], readCount(parameters.replicas)),
};

export const WORKLOADS: ActionTable = {
  'apps/Deployment': {
    restart,
    pause: settingUnless(
      (object) => isTrue(object, 'spec', 'paused'),
      { iconClass: 'fa fa-fw fa-pause-circle' },
      ['spec', 'paused'],
      true,
    ),
    resume: settingUnless(
      (object) => !isTrue(object, 'spec', 'paused'),
      { iconClass: 'fa fa-fw fa-play-circle' },
      ['spec', 'paused'],
      undefined,
    ),
    scale,
  },
  'apps/StatefulSet': { restart, scale },
  'apps/DaemonSet': { restart },
};

/** A whole number from 0 on, however it is written. */
export function readCount(text: string | undefined): number {
  const count = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new HawserError('InvalidInput', `invalid number: ${text ?? ''}`, {
    hint: 'give the parameter replicas as a whole number from 0 on',
  });
}
