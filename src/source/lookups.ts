// Helm's `lookup` for a synchronous render: what is not known yet counts as missing, is asked for together with all the others, and is
// found the next time.

import { HawserError } from '../base/errors.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { GoNumber, type GoValue } from '../render/go/value.ts';
import type { Lookup } from '../render/helm/engine.ts';

/** One object, or with an empty name all of a kind; with an empty namespace those of every namespace. */
export interface LookupQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What the cluster has, as the API server tells it; an empty object where there is nothing. */
export type AskCluster = (query: LookupQuery, signal?: AbortSignal) => Promise<JsonObject>;

export interface AnsweredLookup {
  readonly query: LookupQuery;
  readonly answer: JsonObject;
}

export interface Lookups {
  readonly find: Lookup;
  /** What `find` makes a map of. */
  answer(apiVersion: string, kind: string, namespace: string, name: string): JsonObject;
  /** Whether the last render asked for something that is not known yet. */
  isIncomplete(): boolean;
  load(signal?: AbortSignal): Promise<void>;
  /** Everything that was asked, in its order. */
  answered(): readonly AnsweredLookup[];
}

/** More than any chart asks; one that asks for something else in every round ends here. */
const MOST_LOOKUPS = 200;

/** For one render of all sources of an Application, which see the same answers. */
export function createLookups(ask: AskCluster): Lookups {
  const answers = new Map<string, AnsweredLookup>();
  const asking = new Map<string, Promise<void>>();
  const missing = new Map<string, LookupQuery>();

  function bring(key: string, query: LookupQuery, signal?: AbortSignal): Promise<void> {
    const known = asking.get(key);
    if (known) return known;
    const work = ask(query, signal).then((found) => {
      answers.set(key, { query, answer: found });
      missing.delete(key);
    });
    asking.set(key, work);
    return work;
  }

  function answer(apiVersion: string, kind: string, namespace: string, name: string): JsonObject {
    const key = JSON.stringify([apiVersion, kind, namespace, name]);
    const known = answers.get(key);
    if (known) return known.answer;
    missing.set(key, { apiVersion, kind, namespace, name });
    return {};
  }

  return {
    answer,
    // Templates may write into what they get.
    find: (...query) => lookedUp(answer(...query)),
    isIncomplete: () => missing.size > 0,
    load: async (signal) => {
      if (new Set([...asking.keys(), ...missing.keys()]).size > MOST_LOOKUPS) {
        throw new HawserError('LimitExceeded', `charts looked up more than ${MOST_LOOKUPS} objects of the cluster`);
      }
      await Promise.all([...missing].map(([key, query]) => bring(key, query, signal)));
    },
    answered: () => [...answers.values()],
  };
}

/** An answer as templates see it. */
export function lookedUp(object: JsonObject): Map<string, GoValue> {
  return new Map(Object.entries(object).map(([key, value]) => [key, toGoValue(value)]));
}

/** As apimachinery reads JSON: whole numbers are int64. */
function toGoValue(value: Json): GoValue {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return new GoNumber('int64', BigInt(value));
  if (Array.isArray(value)) return value.map(toGoValue);
  return isObject(value) ? lookedUp(value) : value;
}
