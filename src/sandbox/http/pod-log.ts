// Logs of Pods. The sandbox runs no containers: each says so when it starts, and how it ended.
//
// Source: k8s.io/kubernetes, pkg/registry/core/pod/rest/log.go, and pkg/kubelet/kubelet_pods.go for what cannot be shown.

import { isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Resource } from '../resource/resource.ts';
import { getObject } from './list.ts';
import type { ResourcePath } from './request-info.ts';
import type { Served } from './serve.ts';
import { badRequest, invalid } from './status.ts';

interface Line {
  readonly atMs: number;
  readonly text: string;
}

interface LogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly sinceMs: number;
  readonly tailLines: number;
  readonly limitBytes: number;
}

type Fields = Record<string, unknown>;

const PODS = '/pods';

export function handleLog(served: Served, resource: Resource, path: ResourcePath, request: Request): Response {
  const { cluster } = served;
  const pod = getObject(cluster, resource, path.namespace, path.name);
  const options = readOptions(new URL(request.url).searchParams, pod, cluster.clock.now());
  const headers = { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' };
  // Nobody has taken it: there is nothing to ask for its log.
  if (!stringAt(pod, 'spec', 'nodeName')) return new Response(null, { status: 204 });
  const container = findContainer(pod, options.container);
  requireStarted(pod, container, options);
  const lines = linesOf(pod, container).filter(({ atMs }) => atMs >= options.sinceMs);
  const shown = lines.slice(Math.max(0, lines.length - options.tailLines));
  const text = shown.map((line) => format(line, options)).join('');
  const isOver = statusOf(pod, container)?.terminated !== undefined;
  if (!options.follow || isOver || options.limitBytes <= text.length) {
    return new Response(text.slice(0, options.limitBytes), { headers });
  }
  return new Response(
    followLog(served, pod, container, { options, text, count: linesOf(pod, container).length }, request),
    {
      headers,
    },
  );
}

interface Begun {
  readonly options: LogOptions;
  readonly text: string;
  /** How many lines there were. */
  readonly count: number;
}

/** Until the container has ended, the Pod is gone, or whoever asks is. */
function followLog(
  { cluster, closing }: Served,
  pod: KubeObject,
  container: string,
  { options, text, count }: Begun,
  request: Request,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let seen = count;
  let end = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (text !== '') controller.enqueue(encoder.encode(text));
      const unsubscribe = cluster.store.subscribe(({ storage, object, type }) => {
        if (storage !== PODS || object.metadata.uid !== pod.metadata.uid) return;
        const lines = linesOf(object, container);
        for (const line of lines.slice(seen)) controller.enqueue(encoder.encode(format(line, options)));
        seen = Math.max(seen, lines.length);
        if (type === 'DELETED' || statusOf(object, container)?.terminated !== undefined) end();
      });
      end = () => {
        end = () => {};
        unsubscribe();
        controller.close();
      };
      for (const signal of [closing, request.signal]) {
        if (signal.aborted) end();
        else signal.addEventListener('abort', () => end(), { once: true });
      }
    },
    cancel() {
      end();
    },
  });
}

function readOptions(query: URLSearchParams, pod: KubeObject, nowMs: number): LogOptions {
  const number = (name: string, least: number): number | undefined => {
    const text = query.get(name);
    if (text === null || text === '') return undefined;
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    const message = `Invalid value: ${text}: must be greater than ${least === 0 ? 'or equal to 0' : '0'}`;
    throw invalid('', 'PodLogOptions', pod.metadata.name ?? '', [
      { reason: 'FieldValueInvalid', field: name, message },
    ]);
  };
  const sinceSeconds = number('sinceSeconds', 1);
  const sinceTime = query.get('sinceTime');
  if (sinceSeconds !== undefined && sinceTime) {
    const message = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified';
    throw invalid('', 'PodLogOptions', pod.metadata.name ?? '', [
      { reason: 'FieldValueForbidden', field: '[]', message },
    ]);
  }
  const isTrue = (name: string) => ['true', '1'].includes(query.get(name) ?? '');
  return {
    container: query.get('container') ?? '',
    follow: isTrue('follow'),
    previous: isTrue('previous'),
    timestamps: isTrue('timestamps'),
    sinceMs: sinceSeconds === undefined ? Date.parse(sinceTime || '1970-01-01T00:00:00Z') : nowMs - sinceSeconds * 1000,
    tailLines: number('tailLines', 0) ?? Number.POSITIVE_INFINITY,
    limitBytes: number('limitBytes', 1) ?? Number.POSITIVE_INFINITY,
  };
}

/** The only one, or the one that is named. */
function findContainer(pod: KubeObject, wanted: string): string {
  const { name = '' } = pod.metadata;
  const [own, inits] = [namesOf(pod, 'containers'), namesOf(pod, 'initContainers')];
  if (wanted === '') {
    const [only, ...others] = own;
    if (only !== undefined && others.length === 0 && inits.length === 0) return only;
    const more = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : '';
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${own.join(' ')}]${more}`);
  }
  if (own.includes(wanted) || inits.includes(wanted)) return wanted;
  throw badRequest(`container ${wanted} is not valid for pod ${name}`);
}

function requireStarted(pod: KubeObject, container: string, { previous }: LogOptions): void {
  const what = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  if (previous) throw badRequest(`previous terminated ${what} not found`);
  const waiting = statusOf(pod, container)?.waiting;
  if (!isObject(waiting)) return;
  const isPulling = waiting.reason === 'ImagePullBackOff' || waiting.reason === 'ErrImagePull';
  const why = isPulling ? 'trying and failing to pull image' : String(waiting.reason ?? 'ContainerCreating');
  throw badRequest(`${what} is waiting to start: ${why}`);
}

function linesOf(pod: KubeObject, container: string): readonly Line[] {
  const state = statusOf(pod, container);
  const [running, ended] = [state?.running, state?.terminated];
  const begun = isObject(running) ? running.startedAt : isObject(ended) ? ended.startedAt : undefined;
  if (begun === undefined) return [];
  const startMs = Date.parse(String(begun));
  const { namespace = '', name = '' } = pod.metadata;
  const lines = [
    {
      atMs: startMs,
      text: `This Pod lives in the sandbox, which runs no containers: ${imageOf(pod, container)} was never started.`,
    },
    { atMs: startMs + 1, text: `Here would be what ${container} of ${namespace}/${name} says.` },
  ];
  if (!isObject(ended)) return lines;
  const endMs = Math.max(startMs + 2, Date.parse(String(ended.finishedAt)));
  return [...lines, { atMs: endMs, text: `It ended as if with exit code ${ended.exitCode ?? 0}.` }];
}

/** To the nanosecond, all nine digits, as container runtimes write it. */
function format({ atMs, text }: Line, { timestamps }: LogOptions): string {
  return timestamps ? `${new Date(atMs).toISOString().slice(0, -1)}000000Z ${text}\n` : `${text}\n`;
}

function statusOf(pod: KubeObject, container: string): Fields | undefined {
  for (const field of ['containerStatuses', 'initContainerStatuses']) {
    const found = listAt(pod.status, field).find(({ name }) => name === container);
    if (isObject(found?.state)) return found.state;
  }
  return undefined;
}

function imageOf(pod: KubeObject, container: string): string {
  const all = ['containers', 'initContainers'].flatMap((field) => listAt(pod.spec, field));
  return String(all.find(({ name }) => name === container)?.image ?? '');
}

function namesOf(pod: KubeObject, field: string): string[] {
  return listAt(pod.spec, field).map(({ name }) => String(name));
}

function listAt(value: unknown, field: string): Fields[] {
  const found = isObject(value) ? value[field] : undefined;
  return Array.isArray(found) ? found.filter(isObject) : [];
}
