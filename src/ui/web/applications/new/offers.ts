// What is offered while one fills in the form: projects, repositories, clusters, and what Git holds. It is asked for when one has stopped
// typing, and what cannot be had is not offered.

import { useEffect, useState } from 'preact/hooks';
import { type Answer, call } from '../../api/call.ts';
import { ApiError } from '../../api/error.ts';
import { useLoad } from '../../state/load.ts';
import type { FormState } from './form-state.ts';

const TYPING_MS = 400;

export interface Offer<T> {
  readonly value: T | undefined;
  /** Why there is nothing. */
  readonly problem: string | undefined;
  readonly isLoading: boolean;
}

/** `detail`: of the source's type (RepoAppDetailsResponse). */
export interface Details {
  readonly type: string;
  readonly helm?: {
    readonly valueFiles?: readonly string[];
    readonly parameters?: readonly { readonly name: string; readonly value: string }[];
  };
  readonly kustomize?: { readonly images?: readonly string[] };
}

export interface Offers {
  readonly projects: readonly string[];
  readonly repositories: Answer<'GET /api/v1/repositories'>['items'];
  readonly clusters: readonly { readonly server: string; readonly name: string }[];
  readonly refs: Offer<{ readonly branches: readonly string[]; readonly tags: readonly string[] }>;
  readonly apps: Offer<readonly { readonly path: string; readonly type: string }[]>;
  readonly charts: Offer<readonly { readonly name: string; readonly versions: readonly string[] }[]>;
  readonly tags: Offer<readonly string[]>;
  readonly details: Offer<Details>;
}

export function useOffers(form: FormState | undefined): Offers {
  const { kind, repoURL = '', revision = '', path = '', chart = '', project = '', name = '' } = form ?? {};
  const projects = useLoad((signal) => call('GET /api/v1/projects', { signal }), []);
  const repositories = useLoad(
    (signal) => call('GET /api/v1/repositories', { query: { connection: 'known' }, signal }),
    [],
  );
  const clusters = useLoad((signal) => call('GET /api/v1/clusters', { query: { connection: 'known' }, signal }), []);
  const isUsable = !form?.hasSeveralSources && /^(https?|oci):\/\/[^/]+\/|^[\w.-]+\.[\w.-]+\/./.test(repoURL);
  const repo = isUsable ? repoURL : undefined;
  const isGit = kind === 'git';
  const query = { appProject: project };
  const has = (text: string | undefined): text is string => text !== undefined && text !== '';

  const refs = useOffer(isGit ? repo : undefined, [project], async (params, signal) =>
    call('GET /api/v1/repositories/{repo}/refs', { params, query, signal }),
  );
  const apps = useOffer(isGit ? repo : undefined, [project, revision, name], async (params, signal) => {
    const more = { ...query, revision: revision || 'HEAD', appName: name };
    return (await call('GET /api/v1/repositories/{repo}/apps', { params, query: more, signal })).items;
  });
  const charts = useOffer(
    kind === 'helm' && /^https?:/.test(repoURL) ? repo : undefined,
    [project],
    async (params, signal) =>
      (await call('GET /api/v1/repositories/{repo}/helmcharts', { params, query, signal })).items,
  );
  const tags = useOffer(
    kind === 'oci' ? repo : undefined,
    [project],
    async (params, signal) => (await call('GET /api/v1/repositories/{repo}/oci-tags', { params, query, signal })).tags,
  );
  const isPlaced = kind === 'helm' ? has(chart) && has(revision) : has(path);
  const files = form?.valueFiles ?? [];
  const details = useOffer(
    isPlaced ? repo : undefined,
    [project, revision, path, chart, files.join()],
    async (params, signal) => {
      const source = {
        ...{ repoURL, targetRevision: revision },
        ...(kind === 'helm' ? { chart } : { path }),
        ...(files.length > 0 && { helm: { valueFiles: files } }),
      };
      const body = { source, appName: '', appProject: project };
      return (await call('POST /api/v1/repositories/{repo}/appdetails', { params, body, signal })) as Details;
    },
  );
  return {
    projects: (projects.value?.items ?? []).map(({ metadata }) => metadata.name).sort(),
    repositories: repositories.value?.items ?? [],
    clusters: (clusters.value?.items ?? []).map(({ server, name: clusterName = '' }) => ({
      server,
      name: clusterName,
    })),
    ...{ refs, apps, charts, tags, details },
  };
}

/** Asked when the keys have stood still for a moment; nothing without a repository. */
function useOffer<T>(
  repo: string | undefined,
  keys: readonly string[],
  load: (params: { readonly repo: string }, signal: AbortSignal) => Promise<T>,
): Offer<T> {
  const key = repo === undefined ? '' : [repo, ...keys].join('\n');
  const [state, setState] = useState<{ key: string; value?: T; problem?: string }>({ key: '' });
  useEffect(() => {
    if (repo === undefined) return;
    const ended = new AbortController();
    const timer = setTimeout(() => {
      load({ repo }, ended.signal).then(
        (value) => {
          if (!ended.signal.aborted) setState({ key, value });
        },
        (error: unknown) => {
          if (!ended.signal.aborted)
            setState({ key, problem: error instanceof ApiError ? error.message : String(error) });
        },
      );
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [key]);
  // What belongs to another repository is not offered; what belongs to another revision of it stays until the new one is there.
  const isOfRepo = repo !== undefined && state.key.split('\n')[0] === repo;
  return {
    value: isOfRepo ? state.value : undefined,
    problem: state.key === key && key !== '' ? state.problem : undefined,
    isLoading: key !== '' && state.key !== key,
  };
}
