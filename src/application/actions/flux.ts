// Flux's kinds: reconcile now, suspend, resume (Argo CD: resource_customizations/*.toolkit.fluxcd.io).

import type { KubeObject } from '../../kube/object.ts';
import { type Action, type ActionTable, isTrue, type KindActions, settingUnless, withField } from './action.ts';

const isSuspended = (object: KubeObject) => isTrue(object, 'spec', 'suspend');

const reconcile: Action = {
  offer: (object) => ({ disabled: isSuspended(object) }),
  run: (object, { now }) =>
    withField(
      object,
      ['metadata', 'annotations', 'reconcile.fluxcd.io/requestedAt'],
      `By hawser at: ${now.toISOString().slice(0, 19)}`,
    ),
};

const SUSPEND: KindActions = {
  suspend: settingUnless(isSuspended, {}, ['spec', 'suspend'], true),
  resume: {
    offer: (object) => ({ disabled: !isSuspended(object) }),
    run: (object) => (isSuspended(object) ? withField(object, ['spec', 'suspend'], false) : object),
  },
};

const ALL: KindActions = { reconcile, ...SUSPEND };

export const FLUX: ActionTable = {
  'helm.toolkit.fluxcd.io/HelmRelease': ALL,
  'image.toolkit.fluxcd.io/ImageRepository': ALL,
  'image.toolkit.fluxcd.io/ImageUpdateAutomation': ALL,
  'kustomize.toolkit.fluxcd.io/Kustomization': ALL,
  'notification.toolkit.fluxcd.io/Alert': SUSPEND,
  'notification.toolkit.fluxcd.io/Provider': SUSPEND,
  'notification.toolkit.fluxcd.io/Receiver': ALL,
  'source.toolkit.fluxcd.io/Bucket': ALL,
  'source.toolkit.fluxcd.io/GitRepository': ALL,
  'source.toolkit.fluxcd.io/HelmChart': ALL,
  'source.toolkit.fluxcd.io/HelmRepository': ALL,
  'source.toolkit.fluxcd.io/OCIRepository': ALL,
};
