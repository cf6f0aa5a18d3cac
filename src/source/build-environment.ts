// The build environment of a source: `$ARGOCD_APP_NAME` and its kin in parameters, paths and annotations (Argo CD: repository.go, newEnv).
// The names that begin with KUBE_ are those of its documentation; its code gives them to plugins alone.

import type { RenderContext, ResolvedSource } from './source.ts';

export type BuildEnvironment = Readonly<Record<string, string>>;

export function buildEnvironment({ source, revision }: ResolvedSource, context: RenderContext): BuildEnvironment {
  return {
    ARGOCD_APP_NAME: context.instance ?? context.appName,
    ARGOCD_APP_NAMESPACE: context.namespace,
    ARGOCD_APP_PROJECT_NAME: context.project,
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_PATH: source.path ?? '',
    ARGOCD_APP_SOURCE_REPO_URL: source.repoURL,
    ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision ?? '',
    KUBE_VERSION: context.kubeVersion.replace(/^v/, ''),
    KUBE_API_VERSIONS: context.apiVersions.join(','),
  };
}

/** In the order of Go's getShellName: `${?}`, `${}`, `${NAME}`, `${` without an end, `$?`, `$NAME`. */
const VARIABLE = /\$(?:\{([*#$@!?\-0-9])\}|(\{\})|\{([^}]+)\}|(\{)|([*#$@!?\-0-9])|([A-Za-z_][A-Za-z0-9_]*))/g;

/**
 * `$NAME` and `${NAME}` replaced, an unknown one by nothing; `$$` is a dollar, and a dollar before anything else stays (Argo CD:
 * Env.Envsubst, which is Go's os.Expand).
 */
export function substitute(text: string, environment: BuildEnvironment): string {
  return text.replace(VARIABLE, (_, bracedSign, empty, braced, open, sign, bare) => {
    if (empty || open) return '';
    const name: string = bracedSign ?? braced ?? sign ?? bare;
    if (name === '$') return '$';
    return Object.hasOwn(environment, name) ? (environment[name] ?? '') : '';
  });
}
