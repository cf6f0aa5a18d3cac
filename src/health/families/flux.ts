// Flux's kinds: counts of what is ready and what is still going on (Argo CD: resource_customizations/*.toolkit.fluxcd.io).

import { health } from '../check.ts';
import { type Assess, type Condition, type Family, first, get, readConditions, waiting } from '../rules.ts';

interface FluxKind {
  /** How many conditions have to be good; two for what also keeps an artifact or a release. */
  readonly needs: 1 | 2;
  /** The types beside Ready that count as good. */
  readonly alsoGood?: readonly string[];
  /** The status of Ready that, together with Reconciling, means that work goes on. Default: Unknown. */
  readonly readyWhileWorking?: 'False' | 'Unknown';
  /** Reasons of Reconciling that count as work. Default: any. */
  readonly work?: readonly string[];
  /** What both together mean. Default: Progressing. */
  readonly whileWorking?: 'Progressing' | 'Degraded';
  readonly neverSuspended?: boolean;
}

function flux(kind: FluxKind): Assess {
  const isWork = ({ type, status, reason }: Condition) => {
    if (type === 'Ready') return status === (kind.readyWhileWorking ?? 'Unknown');
    if (type !== 'Reconciling' || status !== 'True') return false;
    return !kind.work || (reason !== undefined && kind.work.includes(reason));
  };
  const isGood = ({ type = '', status }: Condition) =>
    status === 'True' && (type === 'Ready' || kind.alsoGood?.includes(type) === true);
  return first(
    (object) =>
      !kind.neverSuspended && get(object, 'spec.suspend') === true
        ? health('Suspended', `${object.kind} is suspended`)
        : undefined,
    (object) => {
      if (get(object, 'status.conditions') === undefined) return undefined;
      const found = readConditions(object);
      const message = readyReason(found, kind.alsoGood?.includes('ArtifactInStorage') === true);
      if (found.filter(isWork).length === 2) return health(kind.whileWorking ?? 'Progressing', message);
      return health(found.filter(isGood).length === kind.needs ? 'Healthy' : 'Degraded', message);
    },
    waiting('Status unknown'),
  );
}

/** The reason of Ready; sources add why their artifact is outdated when that comes later. */
function readyReason(conditions: readonly Condition[], tellsOutdated: boolean): string | undefined {
  let message: string | undefined = '';
  for (const { type, status, reason } of conditions) {
    if (type === 'Ready') message = reason;
    if (tellsOutdated && type === 'ArtifactOutdated' && status === 'True') message = `${message ?? ''} ${reason ?? ''}`;
  }
  return message;
}

const source = flux({ needs: 2, alsoGood: ['ArtifactInStorage'] });
const applied = flux({ needs: 1 });

export const FLUX: Family = {
  'helm.toolkit.fluxcd.io/HelmRelease': flux({ needs: 2, alsoGood: ['Released', 'TestSuccess'] }),
  'image.toolkit.fluxcd.io/ImagePolicy': flux({
    needs: 1,
    readyWhileWorking: 'False',
    work: ['NewGeneration', 'AccessingRepository', 'ApplyingPolicy'],
    neverSuspended: true,
  }),
  'image.toolkit.fluxcd.io/ImageRepository': flux({
    needs: 1,
    readyWhileWorking: 'False',
    work: ['NewGeneration', 'Scanning'],
  }),
  'image.toolkit.fluxcd.io/ImageUpdateAutomation': applied,
  'kustomize.toolkit.fluxcd.io/Kustomization': applied,
  'notification.toolkit.fluxcd.io/Receiver': flux({
    needs: 1,
    readyWhileWorking: 'False',
    whileWorking: 'Degraded',
  }),
  'source.toolkit.fluxcd.io/Bucket': source,
  'source.toolkit.fluxcd.io/GitRepository': source,
  'source.toolkit.fluxcd.io/HelmChart': source,
  'source.toolkit.fluxcd.io/HelmRepository': (object) =>
    get(object, 'spec.type') === 'oci' && get(object, 'spec.suspend') !== true
      ? health('Healthy', "Helm repositories of type 'oci' do not contain any information in the status.")
      : source(object),
  'source.toolkit.fluxcd.io/OCIRepository': source,
};
