// What can be done with a live object beside changing its manifest: how an action is offered, and what it makes of the object.

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';

/** As Argo CD's API shows it (`v1alpha1.ResourceAction`). */
export interface ResourceAction {
  readonly name: string;
  /** It is shown and means nothing now. */
  readonly disabled?: boolean;
  readonly displayName?: string;
  readonly iconClass?: string;
  readonly params?: readonly { readonly name: string; readonly default?: string }[];
}

export type Offer = Omit<ResourceAction, 'name'>;

/** What an action wants of the cluster: the object as it shall be, or one that shall be made. */
export interface ActionStep {
  readonly operation: 'patch' | 'create';
  readonly resource: KubeObject;
}

export interface ActionContext {
  /** Of the request, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly now: Date;
}

export interface Action {
  /** undefined: it is not offered for the object as it is. */
  offer(object: KubeObject): Offer | undefined;
  /** The object as it shall be, or the steps. Throws `InvalidInput` for parameters that mean nothing. */
  run(object: KubeObject, context: ActionContext): KubeObject | readonly ActionStep[];
}

/** The actions of a kind, by name. */
export type KindActions = Readonly<Record<string, Action>>;

/** Of several kinds, by `group/Kind`. */
export type ActionTable = Readonly<Record<string, KindActions>>;

/** A copy with a value at a path; undefined takes it away. Maps that are missing on the way are made. */
export function withField(object: KubeObject, path: readonly string[], value: unknown): KubeObject {
  const isThere = value !== undefined || at(object, ...path) !== undefined;
  return isThere ? { ...object, ...put(object, path, value) } : object;
}

function put(holder: unknown, [key = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  const own = isObject(holder) ? holder : {};
  return { ...own, [key]: rest.length > 0 ? put(own[key], rest, value) : value };
}

/** An action that writes one field, always offered in the same way. */
export function setting(offer: Offer, path: readonly string[], value: unknown): Action {
  return { offer: () => offer, run: (object) => withField(object, path, value) };
}

/** The same, and disabled while the object is so. */
export function settingUnless(
  isSo: (object: KubeObject) => boolean,
  offer: Offer,
  path: readonly string[],
  value: unknown,
): Action {
  return { offer: (object) => ({ ...offer, disabled: isSo(object) }), run: (object) => withField(object, path, value) };
}

/** The moment, as Kubernetes writes it. */
export function stamping(offer: (object: KubeObject) => Offer, path: readonly string[]): Action {
  return { offer, run: (object, { now }) => withField(object, path, formatMoment(now)) };
}

export function formatMoment(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

export function annotation(object: KubeObject, name: string): string | undefined {
  return stringAt(object, 'metadata', 'annotations', name);
}

export function isTrue(object: KubeObject, ...path: readonly string[]): boolean {
  return at(object, ...path) === true;
}
