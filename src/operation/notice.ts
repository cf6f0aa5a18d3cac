// Admission notices: the API server says that somebody is about to write an object that hawser lives by, or has made. What a notice says by
// itself is here; it is believed of nobody (follow-notices.ts).

import { SECRET_TYPE } from '../application/repository-secret.ts';
import { SKIP_RECONCILE } from '../application/suspended.ts';
import { isEqualJson } from '../base/equal.ts';
import { at } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { BREAK_GLASS } from './drift-advice.ts';
import type { Writer } from './writer.ts';

export type NoticeOperation = 'CREATE' | 'UPDATE' | 'DELETE';

export interface Notice {
  readonly operation: NoticeOperation;
  /** As it will be; of a deletion undefined. */
  readonly object?: KubeObject | undefined;
  /** As it was; of a creation undefined. */
  readonly before?: KubeObject | undefined;
  /** The resource whose Scales `object` and `before` are. */
  readonly scaled?: { readonly group: string; readonly plural: string };
  readonly writer?: Writer;
  /** Of the path by which it came. */
  readonly secret?: string;
  /** hawser has refused it. */
  readonly isRefused?: boolean;
}

const REFRESH = 'argocd.argoproj.io/refresh';

/** Annotations by which people ask for something. */
const ASKING = [REFRESH, 'argocd.argoproj.io/deletion-approved'];

/** Those of an Application that mean something as long as they are there. */
const LASTING = [SKIP_RECONCILE, BREAK_GLASS];

/** What decides about Applications, instead of having been made by one. */
export function isLivedBy({ apiVersion, kind, metadata }: KubeObject): boolean {
  if (apiVersion.startsWith('argoproj.io/')) return kind === 'Application' || kind === 'AppProject';
  return kind === 'Secret' && metadata.labels?.[SECRET_TYPE] !== undefined;
}

/** hawser's own records, and what controllers count in a status, wake nobody. */
export function isWorthAWake({ operation, object, before }: Notice): boolean {
  if (operation !== 'UPDATE') return true;
  if (!object || !before) return false;
  switch (object.kind) {
    case 'Application':
      return (
        !isSame(object.spec, before.spec) ||
        (object.operation !== undefined && !isSame(object.operation, before.operation)) ||
        (object.metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined) ||
        (phaseOf(object) === 'Terminating' && phaseOf(before) !== 'Terminating') ||
        ASKING.some((name) => isNewlyAsked(name, object, before)) ||
        LASTING.some((name) => object.metadata.annotations?.[name] !== before.metadata.annotations?.[name])
      );
    case 'AppProject':
      return !isSame(object.spec, before.spec);
    default:
      return !isSame(content(object), content(before));
  }
}

function phaseOf(application: KubeObject): unknown {
  return at(application, 'status', 'operationState', 'phase');
}

function isNewlyAsked(name: string, object: KubeObject, before: KubeObject): boolean {
  const asked = object.metadata.annotations?.[name];
  return asked !== undefined && asked !== before.metadata.annotations?.[name];
}

/** An object without what the API server and controllers keep in it. */
function content({ status, metadata, ...rest }: KubeObject) {
  const { labels, annotations, ownerReferences, finalizers, deletionTimestamp } = metadata;
  return { ...rest, labels, annotations, ownerReferences, finalizers, deletionTimestamp };
}

function isSame(left: unknown, right: unknown): boolean {
  return isEqualJson(left ?? null, right ?? null);
}

/** The Application asks for a render anew. */
export function isHard(live: KubeObject | undefined): boolean {
  return live?.metadata.annotations?.[REFRESH] === 'hard';
}
