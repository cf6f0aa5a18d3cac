// What the person before kubectl is told who writes to an object of Git: where to change it instead. From memory, without a request.

import { annotationOf } from '../application/annotations.ts';
import type { DriftMode } from '../application/install-notices.ts';
import { sourcesOf } from '../application/parse.ts';
import type { Application, Source } from '../application/types.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { KubeObject, ObjectKey } from '../kube/object.ts';
import { findTouched, type Touched } from './drift.ts';
import type { Notice } from './notice.ts';
import { FIELD_MANAGER, type Road } from './road.ts';
import { isBuiltIn, isPerson } from './writer.ts';

export interface Advice {
  /** Why the write is refused; it is allowed without. */
  readonly refusal?: string;
  /** kubectl prints each. */
  readonly warnings: readonly string[];
}

/** Break the glass: on an object, or on its Application for all of them. The value says why. */
export const BREAK_GLASS = 'hawser.dev/break-glass';

const SILENCE: Advice = { warnings: [] };

export function adviseOn(road: Road, notice: Notice, mode: DriftMode): Advice {
  const { writer } = notice;
  // hawser's command on somebody's machine writes as that person.
  if (!writer || isBuiltIn(writer) || writer.manager === FIELD_MANAGER) return SILENCE;
  // Programs say which object they delete; kubectl deletes by name alone.
  if (notice.operation === 'DELETE' && writer.namesObject) return SILENCE;
  const touched = findTouched(road, notice);
  if (!touched) return SILENCE;
  const isOpen = isGlassBroken(touched, notice.object);
  const isRefused = mode === 'enforce' && isPerson(writer) && !isOpen && !isEndOfNamespace(touched);
  return isRefused ? { refusal: refusalOf(touched), warnings: [] } : { warnings: [warningOf(touched, notice)] };
}

function isGlassBroken({ app, object }: Touched, after: KubeObject | undefined): boolean {
  const holders = [app, object, ...(after ? [after] : [])];
  return holders.some((holder) => (annotationOf(holder, BREAK_GLASS) ?? '') !== '');
}

function isEndOfNamespace({ isDeletion, key }: Touched): boolean {
  return isDeletion && key.group === '' && key.kind === 'Namespace';
}

function warningOf({ app, key, isDeletion, isCertain }: Touched, { scaled }: Notice): string {
  const what = isDeletion ? 'it' : 'this';
  const consequence = heals(app) ? `${what} will be put back` : 'the Application shows OutOfSync';
  const where = `${nameOf(key)} belongs to the Application ${app.metadata.name}`;
  if (scaled && !isCertain) {
    return printable(`${where}: if Git sets its replicas, change ${placeOf(app)} instead, or ${consequence}`);
  }
  return printable(`${where}: change ${placeOf(app)} instead, or ${consequence}`);
}

function refusalOf({ app, key, object }: Touched): string {
  const { name, namespace } = app.metadata;
  const own = object.metadata.managedFields
    ? `kubectl annotate ${kindArgument(key)} ${key.name}${key.namespace ? ` -n ${key.namespace}` : ''} ${BREAK_GLASS}=REASON, or `
    : '';
  const all = `kubectl annotate applications.argoproj.io ${name} -n ${namespace} ${BREAK_GLASS}=REASON for all its objects`;
  return printable(
    `${nameOf(key)} belongs to the Application ${name}, which is enforced: change ${placeOf(app)} instead. Where that must wait: ${own}${all}`,
  );
}

function heals({ spec }: Application): boolean {
  const { automated } = spec.syncPolicy ?? {};
  return automated?.selfHeal === true && automated.enabled !== false;
}

export function nameOf({ kind, namespace, name }: ObjectKey): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

function kindArgument({ group, kind }: ObjectKey): string {
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

/** `charts/web (values-dev.yaml) in https://git.example.com/devops/web` */
export function placeOf(app: Application): string {
  const places = sourcesOf(app.spec).map(describeSource);
  const [first = 'its source', ...others] = [...new Set(places)];
  return others.length === 0 ? first : `${[first, ...others].slice(0, 3).join(', or ')}`;
}

function describeSource({ repoURL, path, chart, helm, ref }: Source): string {
  const repository = withoutUserinfo(repoURL);
  if (chart) return `the chart ${chart} of ${repository}${valuesOf(helm)}`;
  if (path === undefined && ref) return `the files of ${repository}`;
  return `${path === undefined || path === '' || path === '.' ? 'it' : path}${valuesOf(helm)} in ${repository}`;
}

function valuesOf(helm: Source['helm']): string {
  const files = helm?.valueFiles ?? [];
  return files.length === 0 ? '' : ` (${files.slice(0, 3).join(', ')})`;
}

/** What a warning header can carry. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]/g, ' ');
}
