// A notification as it is sent: its templates, filled in. Every text in them is a Go template with Sprig's functions; lists and mappings are
// filled in text by text.

import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { GoValue } from '../render/go/value.ts';
import { createBudget, createTemplateSet } from '../render/gotemplate/gotemplate.ts';
import { type SprigEnvironment, sprigFunctions } from '../render/sprig/sprig.ts';
import type { Template } from './config.ts';

export interface Message {
  readonly text: string;
  /** What the templates say for the kind of service; later templates before earlier ones. */
  readonly parts: Readonly<Record<string, unknown>>;
}

/** No templates: what says how, and is no text for people. */
const FIXED: ReadonlySet<string> = new Set(['method', 'deliveryPolicy']);

const MAX_OUTPUT = 1 << 20;
const MAX_OPERATIONS = 200_000;
const MAX_DEPTH = 32;

/** `kind`: which part is wanted beside the text. Throws `RenderFailed` with Go's words. */
export function fillIn(
  templates: readonly Template[],
  kind: string,
  variables: ReadonlyMap<string, GoValue>,
  environment: SprigEnvironment,
): Message {
  const functions = { ...sprigFunctions(environment) };
  // Argo CD's notifications resolve no names.
  delete functions.getHostByName;
  const budget = createBudget({ maxOutput: MAX_OUTPUT, maxOperations: MAX_OPERATIONS });
  const data = new Map(variables);
  const fill = (text: string): string => {
    if (!text.includes('{{')) return text;
    const set = createTemplateSet({ functions, name: 'notification' });
    set.parse('notification', text);
    return set.execute('notification', data, { budget, maxDepth: 100 });
  };
  const fillDeep = (value: unknown, depth: number): unknown => {
    if (depth > MAX_DEPTH) throw new HawserError('LimitExceeded', `a template is nested deeper than ${MAX_DEPTH}`);
    if (typeof value === 'string') return fill(value);
    if (Array.isArray(value)) return value.map((item) => fillDeep(item, depth + 1));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, FIXED.has(key) ? item : fillDeep(item, depth + 1)]),
    );
  };
  let text = '';
  let parts: Record<string, unknown> = {};
  for (const template of templates) {
    const { message } = template;
    if (typeof message === 'string') text = fill(message);
    const part = fillDeep(template[kind] ?? {}, 0);
    const given = Object.entries(isObject(part) ? part : {}).filter(([, value]) => value !== '');
    parts = { ...parts, ...Object.fromEntries(given) };
  }
  return { text, parts };
}
