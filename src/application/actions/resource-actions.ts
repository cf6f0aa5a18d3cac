// The actions of an object: those of argocd-cm, and the built-in ones.

import { HawserError } from '../../base/errors.ts';
import { groupOf, type KubeObject } from '../../kube/object.ts';
import type { ActionContext, ActionStep, ResourceAction } from './action.ts';
import { builtInActions } from './built-in.ts';
import { discoverByScript, runByScript } from './scripts.ts';

/** `resource.customizations.actions.<group>_<kind>` of argocd-cm. */
export interface ActionCustomization {
  /** Lua: which actions there are. */
  readonly discovery: string;
  /** Lua of each action. */
  readonly definitions: readonly { readonly name: string; readonly lua: string }[];
  /** The built-in ones are offered, too. */
  readonly mergeBuiltinActions: boolean;
}

/** By Argo CD's key: `group/Kind` or, for the core group, `Kind`. */
export type ActionCustomizations = Readonly<Record<string, ActionCustomization>>;

/** Throws `InvalidInput` for a script that cannot be run. */
export function listActions(
  object: KubeObject,
  customizations: ActionCustomizations,
  now: Date,
): readonly ResourceAction[] {
  const custom = customizationOf(object, customizations);
  const own = custom?.discovery ? discoverByScript(custom.discovery, object, now) : [];
  if (custom && !custom.mergeBuiltinActions) return own;
  const builtIn = Object.entries(builtInActions(groupOf(object.apiVersion), object.kind))
    .filter(([name]) => !own.some((action) => action.name === name))
    .flatMap(([name, action]): readonly ResourceAction[] => {
      const offer = action.offer(object);
      return offer ? [{ name, ...offer }] : [];
    });
  return [...own, ...builtIn];
}

/** What the action wants of the cluster. It may be one that is not offered now. Throws `InvalidInput` where there is none of this name. */
export function planAction(
  object: KubeObject,
  name: string,
  customizations: ActionCustomizations,
  context: ActionContext,
): readonly ActionStep[] {
  const custom = customizationOf(object, customizations)?.definitions.find((definition) => definition.name === name);
  if (custom) return runByScript(custom.lua, object, context);
  const builtIn = builtInActions(groupOf(object.apiVersion), object.kind);
  const action = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
  if (!action) {
    throw new HawserError('InvalidInput', `there is no action ${name} for ${object.kind}`, {
      hint: `there are: ${Object.keys(builtIn).join(', ') || 'none'}`,
    });
  }
  const planned = action.run(object, context);
  return isSteps(planned) ? planned : [{ operation: 'patch', resource: planned }];
}

function isSteps(planned: KubeObject | readonly ActionStep[]): planned is readonly ActionStep[] {
  return Array.isArray(planned);
}

function customizationOf({ apiVersion, kind }: KubeObject, customizations: ActionCustomizations) {
  const group = groupOf(apiVersion);
  const key = group === '' ? kind : `${group}/${kind}`;
  return Object.hasOwn(customizations, key) ? customizations[key] : undefined;
}
