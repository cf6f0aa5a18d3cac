// Repositories and their credentials, as people and programs register them (Argo CD: server/repository, util/db/repository.go). What is
// for writing lies in Secrets of its own, and nothing that reads knows it.

import {
  isOfRepository,
  type RepositoryData,
  type RepositorySecretType,
  repositorySecret,
} from '../application/repository-secret.ts';
import {
  API_KEYS,
  differentKeys,
  shownUrl,
  typeOfRepository,
  withKnownCredentials,
} from '../application/repository-shape.ts';
import { HawserError } from '../base/errors.ts';
import { chooseOwnSecret, hasCredentials, inheritCredentials, type RepositorySecrets } from '../git/credentials.ts';
import { sameRepository, withoutUserinfo } from '../git/repository-url.ts';
import { isAlreadyExists } from '../kube/refusal.ts';
import { testRepository } from '../source/test-repository.ts';
import { createRepositoryContents, type RepositoryContents } from './repository-contents.ts';
import { type ConnectionState, createConnectionStates } from './repository-states.ts';
import type { Road } from './road.ts';
import { listSecretRecords, removeSecretRecord, type SecretRecord, writeSecretRecord } from './secret-records.ts';
import { configData } from './settings.ts';

/** For fetching, or for writing to the Git server. */
export type Purpose = 'read' | 'write';

export interface KnownRepository {
  /** As its Secret has it, with what it takes from a template of credentials. Not to be shown as it is. */
  readonly data: RepositoryData;
  /** Its credentials are those of a template. */
  readonly isInherited: boolean;
  readonly record: SecretRecord;
}

export interface SaveOptions {
  /** Replace what is known with other settings. */
  readonly isUpsert?: boolean;
  /** Called before something that is known is changed. */
  readonly beforeUpdate?: () => void;
}

export interface RepositoryBook {
  list(purpose: Purpose): Promise<readonly KnownRepository[]>;
  /** Whether it can be reached; tried now where that was not done in the last minute, or `isFresh`. */
  connectionState(repository: KnownRepository, options: { readonly isFresh: boolean }): Promise<ConnectionState>;
  /** What was found in the last minute, without trying it. */
  knownState(repository: KnownRepository): ConnectionState;
  /**
   * Throws `FailedPrecondition` where it cannot be reached with what is given, or with what templates add to that; `InvalidInput` where it
   * is known with other settings.
   */
  create(purpose: Purpose, data: RepositoryData, options?: SaveOptions): Promise<void>;
  /**
   * `keepsCredentials`: those that are known stay where none are given. Throws `NotFound`, `FailedPrecondition` as `create` does, and
   * `InvalidInput` where credentials that nobody gave again would go another way than before.
   */
  update(purpose: Purpose, data: RepositoryData, options?: { readonly keepsCredentials?: boolean }): Promise<void>;
  remove(repository: KnownRepository): Promise<void>;
  /** Throws `FailedPrecondition` where a repository with these settings could not be reached. */
  test(purpose: Purpose, data: RepositoryData): Promise<void>;
  /** Templates of credentials. */
  listCredentials(purpose: Purpose): Promise<readonly RepositoryData[]>;
  createCredentials(purpose: Purpose, data: RepositoryData, options?: SaveOptions): Promise<void>;
  updateCredentials(purpose: Purpose, data: RepositoryData): Promise<void>;
  removeCredentials(purpose: Purpose, url: string): Promise<void>;
  /** The repository as an Application of `project` would read it; one that is not known is read without credentials. */
  find(url: string, project: string): Promise<RepositoryContents>;
}

const TYPES = {
  read: { repository: 'repository', credentials: 'repo-creds' },
  write: { repository: 'repository-write', credentials: 'repo-write-creds' },
} as const satisfies Record<Purpose, Record<string, RepositorySecretType>>;

/** Of one of a list, for which somebody waits. */
const LOOK_LIMIT_MS = 10_000;

export function createRepositoryBook(road: Road): RepositoryBook {
  const { home, platform } = road;
  const { namespace } = platform.settings;
  const states = createConnectionStates(platform.clock, async (data) =>
    testRepository(data, { ...(await testParts()), limitMs: LOOK_LIMIT_MS }),
  );

  async function testParts() {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-tls-certs-cm' };
    return { fetch: platform.fetch, certificates: configData(await home.get(ref)) };
  }

  async function readTemplates(purpose: Purpose): Promise<readonly RepositoryData[]> {
    return (await listSecretRecords(road, TYPES[purpose].credentials)).map(({ data }) => data);
  }

  async function list(purpose: Purpose): Promise<readonly KnownRepository[]> {
    const [records, templates] = await Promise.all([
      listSecretRecords(road, TYPES[purpose].repository),
      readTemplates(purpose),
    ]);
    return records
      .map((record) => {
        const inherited = inheritCredentials(record.data.url ?? '', record.data, templates);
        return { data: inherited ?? record.data, isInherited: inherited !== undefined, record };
      })
      .sort((a, b) => (orderOf(a.data) < orderOf(b.data) ? -1 : 1));
  }

  async function test(purpose: Purpose, data: RepositoryData): Promise<void> {
    requireType(data);
    const whole = inheritCredentials(data.url ?? '', data, await readTemplates(purpose)) ?? data;
    try {
      await testRepository({ ...whole, type: typeOfRepository(whole) }, await testParts());
    } catch (error) {
      if (!(error instanceof HawserError)) throw error;
      throw new HawserError('FailedPrecondition', `error testing repository connectivity: ${error.message}`, {
        ...(error.hint && { hint: error.hint }),
        cause: error,
      });
    }
  }

  async function findRecord(type: RepositorySecretType, url: string, project: string) {
    const records = await listSecretRecords(road, type);
    return records.find(({ data }) => isOfRepository(data, url, project) || isShownAs(data, url, project));
  }

  const update: RepositoryBook['update'] = async (purpose, data, { keepsCredentials = false } = {}) => {
    const record = await findRecord(TYPES[purpose].repository, data.url ?? '', data.project ?? '');
    if (!record) throw new HawserError('NotFound', `repo '${shownUrl(data)}' not found`);
    const wanted = {
      ...(keepsCredentials ? withKnownCredentials(data, record.data) : data),
      url: record.data.url ?? data.url ?? '',
    };
    await test(purpose, wanted);
    await writeSecretRecord(home, record, wanted, API_KEYS);
  };

  const updateCredentials: RepositoryBook['updateCredentials'] = async (purpose, data) => {
    const record = await findRecord(TYPES[purpose].credentials, data.url ?? '', '');
    if (!record) throw noCredentials(purpose, shownUrl(data));
    await writeSecretRecord(home, record, { ...data, url: record.data.url ?? data.url ?? '' }, API_KEYS);
  };

  /** The same once more changes nothing; other settings need `isUpsert`. */
  async function save(
    type: RepositorySecretType,
    data: RepositoryData,
    { isUpsert = false, beforeUpdate }: SaveOptions,
    names: { readonly entity: string; readonly update: () => Promise<void> },
  ): Promise<void> {
    const known = await findRecord(type, data.url ?? '', data.project ?? '');
    if (!known) {
      await home.create(repositorySecret(namespace, data, type)).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
        const { name } = repositorySecret(namespace, data, type).metadata;
        throw new HawserError(
          'InvalidInput',
          `secret "${name}" doesn't have the proper "argocd.argoproj.io/secret-type" label: please fix the secret or delete it`,
        );
      });
      return;
    }
    const keys = differentKeys(known.data, data);
    if (keys.length === 0) return;
    if (!isUpsert) {
      throw new HawserError(
        'InvalidInput',
        `existing ${names.entity} spec is different; use upsert flag to force update; difference in keys "${keys.join(',')}"`,
      );
    }
    beforeUpdate?.();
    await names.update();
  }

  return {
    list,
    test,
    connectionState: ({ data, record }, options) => states.stateOf(data, record, options),
    knownState: ({ record }) => states.known(record),
    create: async (purpose, data, options = {}) => {
      if (!data.url) throw new HawserError('InvalidInput', 'missing payload in request: the address of the repository');
      if (purpose === 'write' && !hasCredentials(data)) {
        throw new HawserError('InvalidInput', 'missing credentials in request');
      }
      await test(purpose, data);
      await save(TYPES[purpose].repository, { ...data, type: typeOfRepository(data) }, options, {
        entity: purpose === 'write' ? 'write repository' : 'repository',
        update: () => update(purpose, data),
      });
    },
    update,
    remove: ({ record }) => removeSecretRecord(home, record),
    listCredentials: readTemplates,
    createCredentials: async (purpose, data, options = {}) => {
      if (!data.url) throw new HawserError('InvalidInput', 'must specify URL');
      const { project: _, ...wanted } = data;
      await save(TYPES[purpose].credentials, wanted, options, {
        entity: 'repository credentials',
        update: () => updateCredentials(purpose, wanted),
      });
    },
    updateCredentials,
    removeCredentials: async (purpose, url) => {
      const record = await findRecord(TYPES[purpose].credentials, url, '');
      if (!record) throw noCredentials(purpose, withoutUserinfo(url));
      await removeSecretRecord(home, record);
    },
    find: async (url, project) => {
      const [repositories, templates, { certificates }] = await Promise.all([
        listSecretRecords(road, TYPES.read.repository),
        readTemplates('read'),
        testParts(),
      ]);
      const secrets: RepositorySecrets = {
        repositories: repositories.map(({ data }) => data),
        templates,
        certificates,
      };
      const own = chooseOwnSecret(url, project, secrets.repositories);
      return createRepositoryContents(road, {
        url: own?.url ?? url,
        project: own?.project ?? '',
        secrets,
        for: project,
      });
    },
  };
}

/** A repository whose address holds a user is named by it without one, too. */
function isShownAs(data: RepositoryData, url: string, project: string): boolean {
  return sameRepository(shownUrl(data), withoutUserinfo(url)) && (data.project ?? '') === project;
}

function orderOf({ project = '', url = '' }: RepositoryData): string {
  return `${project}/${url}`;
}

function requireType(data: RepositoryData): void {
  const type = typeOfRepository(data);
  if (['git', 'helm', 'oci'].includes(type)) return;
  throw new HawserError('InvalidInput', `unsupported repository type "${type}"`);
}

function noCredentials(purpose: Purpose, url: string): HawserError {
  const what = purpose === 'write' ? 'write repository credentials' : 'repository credentials';
  return new HawserError('NotFound', `${what} '${url}' not found`);
}
