// Actions of argocd-cm: a Lua script that says which there are, and one for each (Argo CD: util/lua/lua.go).

import { HawserError, messageOf } from '../../base/errors.ts';
import { isObject, type Json, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { isKubeObject } from '../../kube/parse.ts';
import { LuaError, LuaLimitError, LuaSyntaxError } from '../../lua/error.ts';
import { fromLua, toLua } from '../../lua/json.ts';
import { readScript, runScript } from '../../lua/run.ts';
import { isTable, typeOf } from '../../lua/value.ts';
import type { ActionContext, ActionStep, ResourceAction } from './action.ts';

/** Which actions the discovery script offers for the object. Throws `InvalidInput` with what is wrong with the script. */
export function discoverByScript(lua: string, object: KubeObject, now: Date): readonly ResourceAction[] {
  const answer = run(lua, object, { parameters: {}, now });
  // An empty table is a list.
  if (!isObject(answer)) return [];
  return Object.entries(answer).map(([name, value]) => (isObject(value) ? readOffer(name, value) : { name }));
}

/** What the script of an action wants: the object as it shall be, or a list of steps. */
export function runByScript(lua: string, object: KubeObject, context: ActionContext): readonly ActionStep[] {
  const answer = run(lua, object, context);
  const steps = Array.isArray(answer)
    ? answer.map(readStep)
    : [{ operation: 'patch', resource: readObject(answer) } as const];
  return steps.map((step) => {
    if (step.operation === 'create') return step;
    return { ...step, resource: { ...step.resource, ...withEmptyMaps(step.resource, object) } };
  });
}

function run(lua: string, object: KubeObject, { parameters, now }: ActionContext): Json {
  try {
    const globals = { obj: toLua(object), actionParams: toLua(parameters) };
    const answer = runScript(readScript(lua), { globals, now: () => now }).at(-1);
    if (answer === undefined || !isTable(answer)) {
      throw new HawserError('InvalidInput', `expect table output from Lua script, not ${typeOf(answer)}`);
    }
    return fromLua(answer);
  } catch (error) {
    const isOfScript = error instanceof LuaError || error instanceof LuaLimitError || error instanceof LuaSyntaxError;
    throw isOfScript ? new HawserError('InvalidInput', messageOf(error), { cause: error }) : error;
  }
}

function readOffer(name: string, value: Record<string, unknown>): ResourceAction {
  const { disabled, displayName, iconClass, params } = value;
  return {
    name,
    ...(disabled === true && { disabled }),
    ...(typeof displayName === 'string' && { displayName }),
    ...(typeof iconClass === 'string' && { iconClass }),
    ...(Array.isArray(params) && { params: params.flatMap(readParameter) }),
  };
}

function readParameter(value: unknown): NonNullable<ResourceAction['params']> {
  const name = stringAt(value, 'name');
  const initial = stringAt(value, 'default');
  return name === undefined ? [] : [{ name, ...(initial !== undefined && { default: initial }) }];
}

function readStep(value: unknown): ActionStep {
  const operation = stringAt(value, 'operation');
  if (operation !== 'create' && operation !== 'patch') {
    throw new HawserError('InvalidInput', `unsupported operation: ${JSON.stringify(operation ?? null)}`, {
      hint: 'an action may patch and create',
    });
  }
  return { operation, resource: readObject(isObject(value) ? value.resource : undefined) };
}

function readObject(value: unknown): KubeObject {
  if (isKubeObject(value)) return value;
  throw new HawserError('InvalidInput', 'the script of the action gave no Kubernetes object');
}

/** Lua has one kind of table: an empty one that was a map before is a map still (Argo CD: cleanReturnedObj). */
function withEmptyMaps(value: Readonly<Record<string, unknown>>, before: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, cleaned(entry, before[key])]));
}

function cleaned(value: unknown, before: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 && isObject(before)) return {};
    return Array.isArray(before) ? value.map((entry, index) => cleaned(entry, before[index])) : value;
  }
  return isObject(value) && isObject(before) ? withEmptyMaps(value, before) : value;
}
