// The small vocabulary in which the checks of custom kinds are written down: which condition, phase or generation means which health.
// What is missing reads as Lua's nil did in Argo CD's own checks: it equals nothing, and a message that is missing is left out.

import type { HealthCode, HealthStatus } from '../application/types.ts';
import { at, isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { health } from './check.ts';

/** What an object's health is; undefined where this check has no answer. */
export type Assess = (object: KubeObject) => HealthStatus | undefined;

/** The checks of a family of kinds, by `group/Kind`; `_` stands for any text. */
export type Family = Readonly<Record<string, Assess>>;

export interface Condition {
  readonly type: string | undefined;
  readonly status: string | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly observedGeneration: unknown;
  readonly fields: unknown;
}

/** A message: its text, or how it is made from the condition that matched. */
export type Message = string | ((condition: Condition, object: KubeObject) => string | undefined);

/**
 * Which condition means what. The match is `Type=Status:Reason`, each part optional: `A|B` is one of several, `!` in front of a status or
 * reason means any other, `*` is any type. Without a message the condition's own is taken.
 */
export type Row = readonly [match: string, becomes: HealthCode, message?: Message];

/** A value of a field and its meaning; without a message there is none. */
export type State = readonly [
  becomes: HealthCode,
  message?: string | ((value: string, object: KubeObject) => string | undefined),
];

/** The value at a path like `status.phase`; null counts as missing. */
export function get(value: unknown, path: string): unknown {
  return at(value, ...path.split('.')) ?? undefined;
}

/** Whether there is anything but false at a path: zero and an empty text count, as in Lua. */
export function has(value: unknown, path: string): boolean {
  const found = get(value, path);
  return found !== undefined && found !== false;
}

/** A text or number at a path, as text. */
export function show(value: unknown, path: string): string | undefined {
  const found = get(value, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

/** A number at a path, or `otherwise`. */
export function count(value: unknown, path: string, otherwise = 0): number {
  const found = get(value, path);
  return typeof found === 'number' ? found : otherwise;
}

/** The objects of the list at a path; of a map, its values. Nothing where it is missing. */
export function each(value: unknown, path: string): readonly Record<string, unknown>[] {
  const found = get(value, path);
  const entries = Array.isArray(found) ? found : isObject(found) ? Object.values(found) : [];
  return entries.filter(isObject);
}

export function readConditions(value: unknown, path = 'status.conditions'): readonly Condition[] {
  return each(value, path).map((fields) => ({
    type: show(fields, 'type'),
    status: show(fields, 'status'),
    reason: show(fields, 'reason'),
    message: show(fields, 'message'),
    observedGeneration: fields.observedGeneration ?? undefined,
    fields,
  }));
}

/** The answer of the first that has one. */
export function first(...checks: readonly Assess[]): Assess {
  return (object) => {
    for (const check of checks) {
      const found = check(object);
      if (found) return found;
    }
    return undefined;
  };
}

export function always(code: HealthCode, message?: string): Assess {
  const found = health(code, message);
  return () => found;
}

export function waiting(message: string): Assess {
  return always('Progressing', message);
}

/** The first condition that a row matches, looking at the conditions in their order and at the rows in theirs. */
export function conditions(...rows: readonly Row[]): Assess {
  return conditionsAt('status.conditions', ...rows);
}

export function conditionsAt(path: string, ...rows: readonly Row[]): Assess {
  const judge = judgeConditions(...rows);
  return (object) => judge(readConditions(object, path), object);
}

/** The same over conditions that are already read. */
export function judgeConditions(...rows: readonly Row[]) {
  const rules = rows.map(([match, becomes, message]) => ({ isMet: parseMatch(match), becomes, message }));
  return (found: readonly Condition[], object: KubeObject): HealthStatus | undefined => {
    for (const condition of found) {
      const rule = rules.find(({ isMet }) => isMet(condition));
      if (rule) return health(rule.becomes, textOf(rule.message, condition, object));
    }
    return undefined;
  };
}

/** Ready or not, in the condition of this type, with its message. */
export function byCondition(type: string, waitingFor: string): Assess {
  return first(conditions([`${type}=False`, 'Degraded'], [`${type}=True`, 'Healthy']), waiting(waitingFor));
}

/** The value of a field; `other` is for a value that is not listed. */
export function states(path: string, known: Readonly<Record<string, State>>, other?: State): Assess {
  return (object) => {
    const value = show(object, path);
    if (value === undefined) return undefined;
    const state = Object.hasOwn(known, value) ? known[value] : other;
    if (!state) return undefined;
    const [becomes, message] = state;
    return health(becomes, typeof message === 'function' ? message(value, object) : message);
  };
}

/** When the field holds exactly this. */
export function when(path: string, value: unknown, code: HealthCode, message?: string): Assess {
  return (object) => (get(object, path) === value ? health(code, message) : undefined);
}

/** When the field is there at all. */
export function present(path: string, code: HealthCode, message?: string): Assess {
  return (object) => (get(object, path) === undefined ? undefined : health(code, message));
}

/** When the field is missing. */
export function absent(path: string, code: HealthCode, message?: string): Assess {
  return (object) => (get(object, path) === undefined ? health(code, message) : undefined);
}

/** The last condition's message, when there is a condition at all. */
export function lastCondition(code: HealthCode, message: Message = (condition) => condition.message): Assess {
  return (object) => {
    const last = readConditions(object).at(-1);
    return last && health(code, textOf(message, last, object));
  };
}

/** Progressing while the observed generation is known and another. */
export function stale(message: string, path = 'status.observedGeneration'): Assess {
  return (object) => {
    const { generation } = object.metadata;
    const observed = get(object, path);
    if (generation === undefined || observed === undefined || observed === generation) return undefined;
    return health('Progressing', message);
  };
}

/** Whether the controller has seen this generation; an object that knows neither counts as seen. */
export function isObserved(object: KubeObject, path = 'status.observedGeneration'): boolean {
  return object.metadata.generation === get(object, path);
}

export const messageOr =
  (otherwise: string): Message =>
  ({ message }) =>
    message ?? otherwise;

export const itsReason: Message = ({ reason }) => reason;

function textOf(message: Message | undefined, condition: Condition, object: KubeObject): string | undefined {
  if (message === undefined) return condition.message;
  return typeof message === 'string' ? message : message(condition, object);
}

function parseMatch(match: string): (condition: Condition) => boolean {
  const parts = /^([^=:]*)(?:=([^:]*))?(?::(.*))?$/.exec(match);
  const [, types = '*', status = '', reason = ''] = parts ?? [];
  const isType = types === '*' ? () => true : isOneOf(types);
  const isStatus = isOneOf(status);
  const isReason = isOneOf(reason);
  return (condition) => isType(condition.type) && isStatus(condition.status) && isReason(condition.reason);
}

function isOneOf(wanted: string): (value: string | undefined) => boolean {
  if (wanted === '') return () => true;
  const isNegated = wanted.startsWith('!');
  const names = wanted.slice(isNegated ? 1 : 0).split('|');
  return (value) => (value !== undefined && names.includes(value)) !== isNegated;
}
