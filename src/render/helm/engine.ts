// A chart's templates into text (Helm: pkg/engine/engine.go).

import { HawserError, isHawserError, messageOf } from '../../base/errors.ts';
import type { Descent } from '../go/descent.ts';
import { quote } from '../go/quote.ts';
import { compareBytes } from '../go/strings.ts';
import { type GoMap, type GoMethod, type GoValue, goInt } from '../go/value.ts';
import { spendText } from '../go/work.ts';
import {
  type Budget,
  createBudget,
  createTemplateSet,
  type ParsedTemplate,
  type TemplateSet,
} from '../gotemplate/gotemplate.ts';
import type { SprigEnvironment } from '../sprig/environment.ts';
import type { Capabilities } from './capabilities.ts';
import { capabilitiesObject } from './capabilities-object.ts';
import { type Chart, type ChartFile, chartFullPath, type Values } from './chart.ts';
import { chartObject } from './chart-object.ts';
import { fileText } from './file-text.ts';
import { filesObject } from './files.ts';
import { helmFunctions } from './functions.ts';
import { type GeneratedValues, keepGenerated } from './generated.ts';
import { DEFAULT_LIMITS, type HelmLimits } from './limits.ts';
import { MissingPath, tableAt } from './values.ts';
import { valuesObject } from './values-object.ts';

export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly isInstall: boolean;
  readonly isUpgrade: boolean;
}

/** What the templates of a chart see. */
export interface RenderInput {
  /** Coalesced: the user's over the charts' defaults. Templates may write into it. */
  readonly values: Values;
  readonly release: Release;
  readonly capabilities: Capabilities;
}

/** The `lookup` function: an object of the cluster or a list of them; an empty map where there is none. */
export type Lookup = (apiVersion: string, kind: string, namespace: string, name: string) => Map<string, GoValue>;

export interface EngineOptions {
  readonly environment: SprigEnvironment;
  /** Without it `lookup` finds nothing, as `helm template` has it. */
  readonly lookup?: Lookup;
  readonly limits?: HelmLimits;
  /** Keeps what templates generate from render to render. */
  readonly generated?: GeneratedValues;
}

/**
 * Renders all templates of a chart and its subcharts but the partials: template path → text. Throws `RenderFailed` with Helm's text
 * (`execution error at (…): …`), `LimitExceeded` where a limit is reached. Parsed templates are kept as long as the chart lives.
 */
export function renderTemplates(chart: Chart, input: RenderInput, options: EngineOptions): Map<string, string> {
  const templates = collectTemplates(chart, input);
  const paths = [...templates.keys()].sort(byDepthReversed);
  const set = templateSetOf(chart).clone();
  for (const path of paths) parseTemplate(set, path, templates);
  const limits = options.limits ?? DEFAULT_LIMITS;
  const rendering: Rendering = {
    set,
    included: new Map(),
    running: [],
    budget: createBudget({
      maxOutput: limits.outputBytes,
      maxOperations: limits.operations,
      maxTimeMs: limits.renderMs,
      now: () => options.environment.now(),
    }),
    functions: {},
  };
  const functions = functionsOf(options.environment);
  rendering.functions = {
    ...functions,
    ...(options.generated && keepGenerated(functions, options.generated, input.release.name, () => siteOf(rendering))),
    ...engineFunctions(rendering, options),
  };
  const rendered = new Map<string, string>();
  for (const path of paths) {
    const template = templates.get(path);
    if (template === undefined || baseName(path).startsWith('_')) continue;
    const name: [string, GoValue][] = [
      ['Name', path],
      ['BasePath', template.basePath],
    ];
    template.dot.entries.set('Template', valuesObject(new Map(name)));
    rendered.set(path, executeTemplate(rendering, path, template.dot));
  }
  return rendered;
}

interface Template {
  readonly text: string;
  readonly basePath: string;
  /** The dot, which all templates of one chart share. */
  readonly dot: GoMap;
}

/** One run over a chart's templates. */
interface Rendering {
  /** The templates in force: inside `tpl` those that its text defines come on top. */
  set: TemplateSet;
  /** How often each template is being included right now. */
  readonly included: Map<string, number>;
  /** The template that is being rendered, and those that it is including. */
  readonly running: string[];
  readonly budget: Budget;
  functions: Readonly<Record<string, GoMethod>>;
}

const NO_VALUE = '<no value>';
const WARNING = /HELM_ERR_START(.*)HELM_ERR_END/s;
const MAX_INCLUDES = 1000;

/** Names the functions, so that the set can be parsed before an environment is known. */
const PARSE_ENVIRONMENT: SprigEnvironment = {
  now: () => 0,
  random: (length) => new Uint8Array(length),
};

/** A chart's files do not change, so what was parsed once is good for every render of it. */
const templateSets = new WeakMap<readonly ChartFile[], TemplateSet>();

function templateSetOf(chart: Chart): TemplateSet {
  const present = templateSets.get(chart.templates);
  if (present !== undefined) return present;
  const stub: GoMethod = { params: [], result: 'interface {}', call: () => null };
  const executing: GoMethod = {
    ...stub,
    // biome-ignore lint/correctness/useYield: it only tells that the function executes templates.
    *descend() {
      return null;
    },
  };
  const engine = { include: executing, tpl: executing, required: stub, fail: stub, lookup: stub };
  const set = createTemplateSet({ functions: { ...helmFunctions(PARSE_ENVIRONMENT), ...engine } });
  templateSets.set(chart.templates, set);
  return set;
}

const functionTables = new WeakMap<SprigEnvironment, Readonly<Record<string, GoMethod>>>();

/** The functions of an environment, made once: calls stay bound to them from render to render. */
function functionsOf(environment: SprigEnvironment): Readonly<Record<string, GoMethod>> {
  const present = functionTables.get(environment);
  if (present !== undefined) return present;
  const functions = helmFunctions(environment);
  functionTables.set(environment, functions);
  return functions;
}

/** Deep paths come first, so that a parent's define of a name replaces its subchart's. */
function byDepthReversed(a: string, b: string): number {
  return depthOf(b) - depthOf(a) || compareBytes(b, a);
}

function depthOf(path: string): number {
  return path.split('/').length;
}

function collectTemplates(chart: Chart, input: RenderInput): Map<string, Template> {
  const top = new Map<string, GoValue>([
    ['Release', releaseObject(input.release)],
    ['Capabilities', capabilitiesObject(input.capabilities)],
    ['Values', valuesObject(input.values)],
  ]);
  const templates = new Map<string, Template>();
  addTemplates(chart, top, templates);
  return templates;
}

/** Adds a chart's templates and its subcharts', each with the values of its own scope (Helm: recAllTpls). Gives the chart's dot. */
function addTemplates(chart: Chart, outer: Values, templates: Map<string, Template>): Values {
  const subcharts = new Map<string, GoValue>();
  const { metadata } = chart;
  const isRoot = chart.parent === undefined;
  const scope = new Map<string, GoValue>([
    ['Chart', chartObject(metadata, isRoot)],
    ['Files', filesObject(chart.files)],
    ['Release', outer.get('Release') ?? null],
    ['Capabilities', outer.get('Capabilities') ?? null],
    ['Values', isRoot ? (outer.get('Values') ?? null) : valuesObject(scopedValues(outer, metadata.name))],
    ['Subcharts', subcharts],
  ]);
  for (const subchart of chart.dependencies) {
    subcharts.set(subchart.metadata.name, addTemplates(subchart, scope, templates));
  }
  const dot = valuesObject(scope);
  const root = chartFullPath(chart);
  const isLibrary = metadata.type.toLowerCase() === 'library';
  for (const file of chart.templates) {
    if (isLibrary && !baseName(file.name).startsWith('_')) continue;
    templates.set(`${root}/${file.name}`, { text: fileText(file), basePath: `${root}/templates`, dot });
  }
  return scope;
}

function scopedValues(outer: Values, name: string): Values {
  try {
    return tableAt(outer, `Values.${name}`);
  } catch (error) {
    if (error instanceof MissingPath) return new Map();
    throw error;
  }
}

function releaseObject(release: Release): Values {
  return new Map<string, GoValue>([
    ['Name', release.name],
    ['Namespace', release.namespace],
    ['IsUpgrade', release.isUpgrade],
    ['IsInstall', release.isInstall],
    ['Revision', goInt(release.revision)],
    ['Service', 'Helm'],
  ]);
}

function parseTemplate(set: TemplateSet, path: string, templates: ReadonlyMap<string, Template>): void {
  try {
    set.parse(path, templates.get(path)?.text ?? '');
  } catch (error) {
    throw cleanParseError(path, error);
  }
}

function executeTemplate(rendering: Rendering, path: string, dot: GoMap): string {
  rendering.running.push(path);
  try {
    return withoutNoValue(execute(rendering, path, dot));
  } catch (error) {
    throw cleanExecutionError(path, error);
  } finally {
    rendering.running.pop();
  }
}

function siteOf({ running }: Rendering): readonly string[] {
  return [running[0] ?? '', running.at(-1) ?? ''];
}

function execute(rendering: Rendering, template: string | ParsedTemplate, data: GoValue): string {
  const { budget, functions } = rendering;
  return rendering.set.execute(template, data, { missingKey: 'zero', budget, functions });
}

/** `execute` without the stack. */
function descend(rendering: Rendering, template: string | ParsedTemplate, data: GoValue): Descent<string> {
  const { budget, functions } = rendering;
  return rendering.set.descend(template, data, { missingKey: 'zero', budget, functions });
}

/** Go writes `<no value>` even under missingkey=zero; Helm takes it out of the text, wherever it comes from. */
function withoutNoValue(text: string): string {
  return text.includes(NO_VALUE) ? text.replaceAll(NO_VALUE, '') : text;
}

function engineFunctions(rendering: Rendering, options: EngineOptions): Readonly<Record<string, GoMethod>> {
  return {
    include: {
      params: ['string', 'interface {}'],
      result: 'string',
      call: (name, data) => include(rendering, textOf(name), data ?? null),
      descend: (name, data) => descendInclude(rendering, textOf(name), data ?? null),
    },
    tpl: {
      params: ['string', 'interface {}'],
      result: 'string',
      call: (text, data) => renderText(rendering, textOf(text), data ?? null),
      descend: (text, data) => descendText(rendering, textOf(text), data ?? null),
    },
    required: {
      params: ['string', 'interface {}'],
      result: 'interface {}',
      call: (message, value) => {
        if (value === undefined || value === null || value === '') throw warning(textOf(message));
        return value;
      },
    },
    fail: {
      params: ['string'],
      result: 'string',
      call: (message) => {
        throw warning(textOf(message));
      },
    },
    lookup: {
      params: ['string', 'string', 'string', 'string'],
      result: 'map[string]interface {}',
      call: (apiVersion, kind, namespace, name) =>
        options.lookup?.(textOf(apiVersion), textOf(kind), textOf(namespace), textOf(name)) ?? new Map(),
    },
  };
}

function include(rendering: Rendering, name: string, data: GoValue): string {
  enterInclude(rendering, name);
  try {
    return execute(rendering, name, data);
  } finally {
    leaveInclude(rendering, name);
  }
}

function* descendInclude(rendering: Rendering, name: string, data: GoValue): Descent<GoValue> {
  enterInclude(rendering, name);
  try {
    return yield descend(rendering, name, data);
  } finally {
    leaveInclude(rendering, name);
  }
}

function enterInclude({ included, running }: Rendering, name: string): void {
  const count = included.get(name) ?? 0;
  if (count > MAX_INCLUDES) {
    throw new HawserError(
      'RenderFailed',
      `rendering template has a nested reference name: ${name}: unable to execute template`,
    );
  }
  included.set(name, count + 1);
  running.push(name);
}

function leaveInclude({ included, running }: Rendering, name: string): void {
  running.pop();
  included.set(name, (included.get(name) ?? 1) - 1);
}

/** Characters of a template that are parsed in one operation. */
const CHARACTERS_PARSED = 8;

/** `tpl`: a text as a template. What it defines is known to what it includes, and forgotten afterwards. */
function renderText(rendering: Rendering, text: string, data: GoValue): string {
  const outer = rendering.set;
  try {
    return withoutNoValue(execute(rendering, parseText(rendering, text), data));
  } catch (error) {
    throw textFailure(error, text);
  } finally {
    rendering.set = outer;
  }
}

function* descendText(rendering: Rendering, text: string, data: GoValue): Descent<GoValue> {
  const outer = rendering.set;
  try {
    return withoutNoValue(yield descend(rendering, parseText(rendering, text), data));
  } catch (error) {
    throw textFailure(error, text);
  } finally {
    rendering.set = outer;
  }
}

function parseText(rendering: Rendering, text: string): ParsedTemplate {
  spendText(rendering.budget, text, CHARACTERS_PARSED);
  rendering.set = rendering.set.clone();
  return rendering.set.parse('gotpl', text);
}

function textFailure(error: unknown, text: string): unknown {
  const isParsing = isHawserError(error) && error.data.stage === 'parse';
  const what = isParsing ? 'cannot parse template' : 'error during tpl function execution for';
  return wrap(error, `${what} ${quote(text)}`);
}

function wrap(error: unknown, message: string): unknown {
  if (!isHawserError(error, 'RenderFailed')) return error;
  return new HawserError('RenderFailed', `${message}: ${error.message}`, { cause: error });
}

function warning(message: string): HawserError {
  return new HawserError('RenderFailed', `HELM_ERR_START${message}HELM_ERR_END`);
}

/** `template: FILE:LINE: a: b` → `parse error at (FILE:LINE): b` (Helm: cleanupParseError). */
function cleanParseError(path: string, error: unknown): unknown {
  if (!isHawserError(error, 'RenderFailed')) return error;
  const tokens = error.message.split(': ');
  const message =
    tokens.length === 1
      ? `parse error in (${path}): ${error.message}`
      : `parse error at (${tokens[1] ?? ''}): ${tokens.at(-1) ?? ''}`;
  return renamed(error, message);
}

/** The message of `fail` and `required` without the chain of calls that led to it (Helm: cleanupExecError). */
function cleanExecutionError(path: string, error: unknown): unknown {
  if (!isHawserError(error, 'RenderFailed')) return error;
  const [, location, rest] = splitInThree(error.message);
  if (location === undefined || rest === undefined) {
    return renamed(error, `execution error in (${path}): ${error.message}`);
  }
  const said = WARNING.exec(rest)?.[1];
  return said === undefined ? error : renamed(error, `execution error at (${location}): ${said}`);
}

function splitInThree(message: string): string[] {
  const [first = '', second = ''] = message.split(': ');
  const rest = message.slice(first.length + second.length + 4);
  return message.split(': ').length < 3 ? [message] : [first, second, rest];
}

function renamed(error: HawserError, message: string): HawserError {
  return new HawserError('RenderFailed', message, {
    cause: error,
    data: error.data,
    ...(error.place === undefined ? {} : { place: error.place }),
  });
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function textOf(value: GoValue | undefined): string {
  return typeof value === 'string' ? value : messageOf(value);
}
