// Links that argocd-cm has for Applications, projects and objects: templates over what they are for (Argo CD: server/deeplinks).

import { HawserError, messageOf } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { decodeJson } from '../render/go/json.ts';
import { createBudget, createTemplateSet } from '../render/gotemplate/gotemplate.ts';
import { sprigFunctions } from '../render/sprig/sprig.ts';
import { yamlToJson } from '../render/yaml/decode.ts';

export interface DeepLink {
  readonly title: string;
  readonly url: string;
  readonly description?: string;
  readonly iconClass?: string;
}

export interface DeepLinks {
  readonly items: readonly DeepLink[];
  /** What is wrong with those that are left out. */
  readonly problems: readonly string[];
}

/** Says whether an expression (`if`) holds for the values. Throws for one that cannot be read. */
export type Holds = (expression: string, values: Readonly<Record<string, unknown>>) => boolean;

/** A page shows a handful; a template must not keep the process busy. */
const LIMITS = { maxOutput: 64 << 10, maxOperations: 10_000 };

/** `text`: of argocd-cm, a list in YAML. What cannot be used is left out, and told. */
export function deepLinks(text: string, values: Readonly<Record<string, unknown>>, holds: Holds): DeepLinks {
  const items: DeepLink[] = [];
  const problems: string[] = [];
  for (const entry of parseEntries(text, problems)) {
    try {
      const link = evaluate(entry, values, holds);
      if (link) items.push(link);
    } catch (error) {
      problems.push(`${stringAt(entry, 'title') ?? ''}: ${messageOf(error)}`);
    }
  }
  return { items, problems };
}

function parseEntries(text: string, problems: string[]): readonly unknown[] {
  if (text.trim() === '') return [];
  try {
    const parsed: unknown = JSON.parse(yamlToJson(text));
    if (Array.isArray(parsed)) return parsed;
    problems.push('it is no list');
  } catch (error) {
    problems.push(messageOf(error));
  }
  return [];
}

function evaluate(entry: unknown, values: Readonly<Record<string, unknown>>, holds: Holds): DeepLink | undefined {
  const title = stringAt(entry, 'title') ?? '';
  const template = stringAt(entry, 'url');
  if (!isObject(entry) || template === undefined) throw new HawserError('InvalidInput', 'it has no url');
  const condition = stringAt(entry, 'if');
  if (condition !== undefined && !holds(condition, values)) return undefined;
  const description = stringAt(entry, 'description');
  const iconClass = stringAt(entry, 'icon.class');
  return {
    title,
    url: fill(template, values),
    ...(description !== undefined && { description }),
    ...(iconClass !== undefined && { iconClass }),
  };
}

function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  const set = createTemplateSet({ functions: sprigFunctions({ now: Date.now, random }), name: 'deep-link' });
  const parsed = set.parse('deep-link', template);
  return set.execute(parsed, decodeJson(JSON.stringify(values)), { budget: createBudget(LIMITS) });
}

function random(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
