// Each repository that Applications use: whether it can be read with what is known, and whether its webhook tells hawser of every push.

import { parseApplication, sourcesOf } from '../../application/parse.ts';
import { mapConcurrent } from '../../base/concurrency.ts';
import { formatError, messageOf } from '../../base/errors.ts';
import { chooseRemote, chooseRepositorySecret, type RepositorySecrets } from '../../git/credentials.ts';
import { credentialsOf, type Remote } from '../../git/remote.ts';
import { normaliseRepositoryUrl, sameRepository, withoutUserinfo } from '../../git/repository-url.ts';
import { hookProblems } from '../../git-host/hooks/hook-host.ts';
import { openHost, recogniseHost } from '../../git-host/hooks/hosts.ts';
import { hostKindOf } from '../../git-host/repository-api.ts';
import { readCredentialSecrets } from '../../operation/credential-secrets.ts';
import { REPOSITORIES } from '../../operation/refs-seen-record.ts';
import { parseSeen, type SeenRepository } from '../../operation/seen-repository.ts';
import { configData } from '../../operation/settings.ts';
import { testRepository } from '../../source/test-repository.ts';
import { type Check, type DoctorPlace, type Finding, fail, ok, warn } from './finding.ts';

const AT_ONCE = 4;
const HOST_MS = 15_000;

interface Used {
  readonly url: string;
  readonly project: string;
  readonly type: 'git' | 'helm' | 'oci';
}

export const checkRepositories: Check = async (place) => {
  try {
    const [secrets, used, seen] = await Promise.all([readSecrets(place), repositoriesInUse(place), readSeen(place)]);
    if (used.length === 0) return [warn('repositories', 'no Application names one yet')];
    const findings = await mapConcurrent(used, AT_ONCE, async (one) => [
      ...(await checkAccess(place, one, secrets)),
      ...(one.type === 'git' ? await checkHook(place, one, secrets, seen) : []),
    ]);
    return findings.flat();
  } catch (error) {
    return [warn('repositories', `could not be looked at: ${formatError(error)}`)];
  }
};

async function repositoriesInUse({ client, namespace }: DoctorPlace): Promise<readonly Used[]> {
  const { items } = await client.list({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' }, { namespace });
  const used = new Map<string, Used>();
  for (const app of items.map(parseApplication)) {
    for (const { repoURL, chart } of sourcesOf(app.spec)) {
      const type = repoURL.startsWith('oci://') ? 'oci' : chart ? 'helm' : 'git';
      const { project } = app.spec;
      used.set(JSON.stringify([normaliseRepositoryUrl(repoURL), project, type]), { url: repoURL, project, type });
    }
  }
  return [...used.values()];
}

async function checkAccess({ fetch }: DoctorPlace, one: Used, secrets: RepositorySecrets): Promise<readonly Finding[]> {
  const what = `repository ${withoutUserinfo(one.url)}`;
  try {
    const data = { ...chooseRepositorySecret(one.url, one.project, secrets), ...one };
    return [ok(what, await testRepository(data, { fetch, certificates: secrets.certificates }))];
  } catch (error) {
    const advice = 'hawser repo add URL --username … --password … gives it (other) credentials';
    return [fail(what, messageOf(error), advice)];
  }
}

async function checkHook(
  place: DoctorPlace,
  { url, project }: Used,
  secrets: RepositorySecrets,
  seen: readonly SeenRepository[],
): Promise<readonly Finding[]> {
  const { fetch, server, hookToken } = place;
  const what = `webhook of ${withoutUserinfo(url)}`;
  const heard = seen.find((one) => sameRepository(one.url, url))?.provider;
  const remote = chooseRemote(url, project, secrets);
  const credentials = hookToken === undefined ? credentialsOf(remote) : { kind: 'bearer' as const, token: hookToken };
  const address = {
    fetch,
    repoURL: withoutUserinfo(url),
    signal: AbortSignal.timeout(HOST_MS),
    ...connectionOf(remote),
  };
  const make = `hawser repo add ${withoutUserinfo(url)} --hook auto --server ${server ?? 'https://HAWSER'}`;
  try {
    const kind = hostKindOf(url, heard) ?? (await recogniseHost(address));
    if (!kind || !credentials || server === undefined) {
      if (heard) return [ok(what, `pushes have come from it (${heard})`)];
      const lacking =
        server === undefined
          ? 'where hawser answers (--server)'
          : kind
            ? 'a token (--hook-token)'
            : 'which Git server it is';
      return [warn(what, `no push has come yet, and it cannot be looked at without ${lacking}`, make)];
    }
    const { host, api, repository } = openHost(kind, { ...address, credentials });
    const hooks = (await host.list(api, repository)).filter((hook) => hook.url === `${server}/api/webhook`);
    const [hook] = hooks;
    if (!hook) {
      if (heard) return [ok(what, `none of its own, but pushes have come (${heard}): one of its owner or server`)];
      return [fail(what, `${host.title} has none to ${server}/api/webhook`, make)];
    }
    const problems = hookProblems(host, hook);
    if (problems.length > 0) return problems.map((problem) => fail(what, problem, `${make} puts it right`));
    const { hostname } = new URL(server);
    if (!heard && isPrivateHost(hostname)) {
      return [warn(what, 'it is as it should be, but no push has ever come', host.silence(hostname))];
    }
    return [
      ok(what, heard ? 'it is as it should be, and pushes have come' : 'it is as it should be; no push has come yet'),
    ];
  } catch (error) {
    return heard
      ? [ok(what, `pushes have come (${heard}); it could not be looked at: ${messageOf(error)}`)]
      : [warn(what, `could not be looked at: ${messageOf(error)}`, `give --hook-token, or ${make}`)];
  }
}

/** What Git servers send nothing to by default, as it is written: names are not looked up. */
function isPrivateHost(host: string): boolean {
  return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[?(::1|f[cd]|fe80))|\.(local|internal|svc)$/i.test(
    host,
  );
}

function connectionOf({ connection }: Remote) {
  return connection ? { connection } : {};
}

function readSecrets({ client, namespace }: DoctorPlace): Promise<RepositorySecrets> {
  return readCredentialSecrets(client, namespace, { repository: 'repository', template: 'repo-creds' });
}

async function readSeen({ client, namespace }: DoctorPlace): Promise<readonly SeenRepository[]> {
  const found = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: REPOSITORIES });
  return Object.values(configData(found)).flatMap((text) => parseSeen(text) ?? []);
}
