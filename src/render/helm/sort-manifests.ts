// Rendered files into manifests and hooks, in the order of installation (Helm: pkg/releaseutil/manifest_sorter.go).

import { HawserError, isHawserError } from '../../base/errors.ts';
import { quote } from '../go/quote.ts';
import { atoi } from '../go/strconv.ts';
import { compareBytes } from '../go/strings.ts';
import type { GoValue } from '../go/value.ts';
import { parseYamlExact, parseYamlWanted } from '../yaml/decode.ts';
import type { Warn } from './coalesce.ts';
import { type DecodedStruct, fillStruct, struct } from './decode.ts';
import { INSTALL_ORDER, type KindOrder, sortByKind } from './install-order.ts';
import { splitManifests } from './split-manifests.ts';
import { trimSpace } from './trim-space.ts';

/** One document of a rendered file. */
export interface Manifest {
  /** The template's path: `chart/templates/x.yaml`. */
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly content: string;
  /** The content parsed; integers are Go's int, so that none loses a digit. */
  readonly object: GoValue;
}

export type HookEvent =
  | 'pre-install'
  | 'post-install'
  | 'pre-delete'
  | 'post-delete'
  | 'pre-upgrade'
  | 'post-upgrade'
  | 'pre-rollback'
  | 'post-rollback'
  | 'test';

export interface Hook extends Manifest {
  readonly events: readonly HookEvent[];
  readonly weight: number;
  readonly deletePolicies: readonly string[];
  readonly outputLogPolicies: readonly string[];
}

export interface SortedManifests {
  readonly hooks: readonly Hook[];
  readonly manifests: readonly Manifest[];
}

const EVENTS: ReadonlyMap<string, HookEvent> = new Map([
  ['pre-install', 'pre-install'],
  ['post-install', 'post-install'],
  ['pre-delete', 'pre-delete'],
  ['post-delete', 'post-delete'],
  ['pre-upgrade', 'pre-upgrade'],
  ['post-upgrade', 'post-upgrade'],
  ['pre-rollback', 'pre-rollback'],
  ['post-rollback', 'post-rollback'],
  ['test', 'test'],
  // Helm 2's name of it.
  ['test-success', 'test'],
]);

const STRING = { kind: 'string' } as const;

const METADATA = struct(
  'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }',
  { name: STRING, annotations: { kind: 'map', type: 'map[string]string', element: STRING } },
);

const HEAD_KEYS: ReadonlySet<string> = new Set(['apiversion', 'kind', 'metadata']);

const SIMPLE_HEAD = struct('releaseutil.SimpleHead', { apiVersion: STRING, kind: STRING, metadata: METADATA });

/** Splits and sorts rendered files (path → text). Throws `RenderFailed` with Helm's text for a document that is no YAML object. */
export function sortManifests(
  files: ReadonlyMap<string, string>,
  warn: Warn,
  order: KindOrder = INSTALL_ORDER,
): SortedManifests {
  const hooks: Hook[] = [];
  const manifests: Manifest[] = [];
  for (const path of [...files.keys()].sort(compareBytes)) {
    const text = files.get(path) ?? '';
    if (path.slice(path.lastIndexOf('/') + 1).startsWith('_')) continue;
    for (const content of splitManifests(text)) {
      const { manifest, annotations } = readHead(path, content);
      const hookTypes = annotations?.get('helm.sh/hook');
      if (annotations === undefined || typeof hookTypes !== 'string') {
        manifests.push(manifest);
        continue;
      }
      const events = readEvents(hookTypes);
      if (events === undefined) warn(`manifest_sorter.go:199: info: skipping unknown hook: ${quote(hookTypes)}`);
      else hooks.push({ ...manifest, events, ...readPolicies(annotations) });
    }
  }
  return { hooks: sortByKind(hooks, order), manifests: sortByKind(manifests, order) };
}

function readHead(path: string, content: string): { manifest: Manifest; annotations: DecodedStruct | undefined } {
  let object: GoValue | undefined;
  let head: DecodedStruct;
  try {
    const wanted = parseYamlWanted(content, isHeadKey);
    if (wanted === undefined) object = parseYamlExact(content);
    head = fillStruct(wanted ?? object ?? null, SIMPLE_HEAD);
  } catch (error) {
    if (!isHawserError(error, 'RenderFailed')) throw error;
    throw new HawserError('RenderFailed', `YAML parse error on ${path}: ${error.message}`, {
      cause: error,
      place: { file: path, ...(error.place?.line === undefined ? {} : { line: error.place.line }) },
    });
  }
  const metadata = head.get('metadata');
  const fields: DecodedStruct = metadata instanceof Map ? metadata : new Map();
  const annotations = fields.get('annotations');
  const manifest = {
    path,
    apiVersion: text(head.get('apiVersion')),
    kind: text(head.get('kind')),
    name: text(fields.get('name')),
    content,
    // Printing a chart asks for none, and they are most of the work.
    get object() {
      object ??= parseYamlExact(content);
      return object;
    },
  };
  return { manifest, annotations: annotations instanceof Map ? annotations : undefined };
}

/** Go's JSON takes keys for fields in whatever case they are. */
function isHeadKey(key: string): boolean {
  return HEAD_KEYS.has(key.toLowerCase());
}

/** The events of a `helm.sh/hook` annotation; undefined where one of them is none of Helm's. */
function readEvents(types: string): HookEvent[] | undefined {
  const events: HookEvent[] = [];
  for (const type of types.split(',')) {
    const event = EVENTS.get(trimSpace(type).toLowerCase());
    if (event === undefined) return undefined;
    events.push(event);
  }
  return events;
}

function readPolicies(annotations: DecodedStruct): Pick<Hook, 'weight' | 'deletePolicies' | 'outputLogPolicies'> {
  const weight = atoi(text(annotations.get('helm.sh/hook-weight')));
  return {
    weight: weight.error === undefined ? Number(weight.value) : 0,
    deletePolicies: readList(annotations.get('helm.sh/hook-delete-policy')),
    outputLogPolicies: readList(annotations.get('helm.sh/hook-output-log-policy')),
  };
}

function readList(value: GoValue | undefined): string[] {
  return typeof value === 'string' ? value.split(',').map((item) => trimSpace(item).toLowerCase()) : [];
}

function text(value: GoValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
