// The ground of the load bench in a process of its own: a sandbox cluster and a Git server with repositories, which commits where it is told
// to. `node bench/load-ground.ts` prints a line of JSON and runs until it is killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { applicationManifest } from '../src/application/manifest.ts';
import { createKubeClient } from '../src/kube/client.ts';
import { prepareHome } from '../src/operation/prepare-home.ts';
import { createGitServer } from '../src/sandbox/git/server.ts';
import { listen } from '../src/sandbox/listen/listen.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';

export const NAMESPACE = 'argocd';
export const SECRET = 'bench-secret';
export const REPOSITORIES = 10;
export const APPLICATIONS = 50;
/** The repository whose chart renders to 1.9 MB. */
export const LARGE = 'large';

const EACH = APPLICATIONS / REPOSITORIES;
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };
/** Forty objects of 48 kB: an API server takes no larger ones than 1 MB. */
const LARGE_OBJECTS = 40;
const LARGE_KEYS = 400;

export interface LoadGround {
  readonly cluster: string;
  readonly git: string;
  readonly names: readonly string[];
}

/** Starts this file as a process. */
export async function startLoadGround(): Promise<LoadGround & { readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [import.meta.filename], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { ...(JSON.parse(String(line)) as LoadGround), child };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await serveGround())}\n`);

async function serveGround(): Promise<LoadGround> {
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const git = createGitServer();
  const rounds = new Map<string, number>();
  /** POST /bench/commit?REPOSITORY: the next commit; answers `{before, after}`. */
  const commit = async (name: string): Promise<Response> => {
    const repository = git.get(name);
    if (!repository) return new Response('no such repository', { status: 404 });
    const round = (rounds.get(name) ?? 0) + 1;
    rounds.set(name, round);
    const before = repository.refs.get('refs/heads/main');
    const details = { message: `Round ${round}\n`, author: AUTHOR, atMs: Date.now() };
    const { after } = await git.commit(repository, 'main', filesOf(name, round), details);
    return Response.json({ before, after });
  };
  const api = await listen((request) => sandbox.fetch(request));
  const gitListening = await listen((request) => {
    const url = new URL(request.url);
    return url.pathname === '/bench/commit' ? commit(url.search.slice(1)) : git.handle(request);
  });
  const names = Array.from({ length: REPOSITORIES }, (_, index) => `team-${index}`);
  const client = createKubeClient(
    { server: api.url, fetch: (path, init) => sandbox.fetch(new Request(`${api.url}${path}`, init)) },
    { fieldManager: 'bench' },
  );
  await prepareHome(client, NAMESPACE);
  await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-secret', namespace: NAMESPACE },
    data: { 'webhook.gogs.secret': btoa(SECRET) },
  });
  for (const name of [...names, LARGE]) {
    const repository = git.create(name, { defaultBranch: 'main' });
    const details = { message: 'Begin\n', author: AUTHOR, atMs: Date.now() };
    await git.commit(repository, 'main', firstFiles(name), details);
    for (const path of pathsOf(name)) {
      await client.create(
        applicationManifest({
          name: `${name}-${path}`,
          namespace: NAMESPACE,
          repoURL: `${gitListening.url}/${name}`,
          path,
          destinationNamespace: name,
          // The large one is rendered and compared again and again, and never written.
          ...(name !== LARGE && { automated: { prune: true, selfHeal: true } }),
        }),
      );
    }
  }
  return { cluster: api.url, git: gitListening.url, names };
}

function pathsOf(name: string): string[] {
  return name === LARGE ? ['chart'] : Array.from({ length: EACH }, (_, index) => `app-${index}`);
}

function firstFiles(name: string): Record<string, string> {
  if (name !== LARGE) {
    return Object.assign({}, ...Array.from({ length: EACH }, (_, index) => filesOf(name, index)));
  }
  return {
    'chart/Chart.yaml': 'apiVersion: v2\nname: large\nversion: 0.1.0\n',
    'chart/templates/_line.tpl': `{{- define "line" -}}
{{ printf "key-%04d" .key }}: {{ printf "round %v of object %d, %s" .round .object (repeat 7 "filler ") | quote }}
{{- end -}}
`,
    'chart/templates/objects.yaml': `{{- range $object := until ${LARGE_OBJECTS} }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: large-{{ $object }}
data:
  {{- range $key := until ${LARGE_KEYS} }}
  {{ include "line" (dict "key" $key "object" $object "round" $.Values.round) }}
  {{- end }}
{{- end }}
`,
    ...filesOf(name, 0),
  };
}

function filesOf(name: string, round: number): Record<string, string> {
  if (name === LARGE) return { 'chart/values.yaml': `round: ${round}\n` };
  const path = `app-${round % EACH}`;
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${path}}\ndata: {round: "${round}"}\n`;
  return { [`${path}/config.yaml`]: text };
}
