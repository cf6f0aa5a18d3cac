// What an AppProject must look like before it is saved (Argo CD: v1alpha1.AppProject, ValidateProject), in Argo CD's words.

import { parseSchedule } from '../base/cron.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { parseGoDuration } from '../render/go/duration.ts';

/** Throws `InvalidInput`, or `AlreadyExists` for what is there twice. */
export function validateProject(project: KubeObject): void {
  const { spec } = project;
  for (const destination of listAt(spec, 'destinations')) requireDestination(destination);
  requireUnique(listAt(spec, 'destinations').map(destinationKey), (key) =>
    invalid(`destination '${key}' already added`),
  );
  requireUnique(textsAt(spec, 'sourceNamespaces'), (key) => invalid(`source namespace '${key}' already added`));
  const sources = textsAt(spec, 'sourceRepos');
  if (sources.includes('!*')) throw invalid("source repository has an invalid format, '!*'");
  requireUnique(sources, (key) => invalid(`source repository '${key}' already added`));
  const roles = listAt(spec, 'roles');
  requireUnique(
    roles.map((role) => wordAt(role, 'name')),
    (name) => new HawserError('AlreadyExists', `role '${name}' already exists`),
  );
  for (const role of roles) requireRole(project.metadata.name ?? '', role);
  const windows = listAt(spec, 'syncWindows');
  for (const window of windows) requireWindow(window);
  requireUnique(windows.map(identityOf), (_, index) => {
    const [kind, schedule, duration] = wordsOf(windows[index]);
    return new HawserError(
      'AlreadyExists',
      `sync window with kind '${kind}', schedule '${schedule}', and duration '${duration}' already exists`,
    );
  });
  for (const account of listAt(spec, 'destinationServiceAccounts')) requireServiceAccount(account);
}

/** A project's policies with one blank after each comma, as they are compared (NormalizePolicies). */
export function normalisePolicies(project: KubeObject): KubeObject {
  const { spec } = project;
  if (!isObject(spec) || !Array.isArray(spec.roles)) return project;
  const roles = spec.roles.map((role: unknown) => {
    if (!isObject(role) || !Array.isArray(role.policies)) return role;
    const policies = role.policies.map((policy: unknown) =>
      typeof policy === 'string' ? policy.split(',').map(trimmedAfterFirst).join(', ') : policy,
    );
    return { ...role, policies };
  });
  return { ...project, spec: { ...spec, roles } };
}

function trimmedAfterFirst(part: string, index: number): string {
  return index === 0 ? part : part.trim();
}

// Parts ----------------------------------------------------------------------------------------------------------------

function requireDestination(destination: unknown): void {
  for (const key of ['name', 'server', 'namespace']) {
    if (stringAt(destination, key) === '!*') throw invalid(`${key} has an invalid format, '!*'`);
  }
}

function destinationKey(destination: unknown): string {
  const [server, name, namespace] = [
    wordAt(destination, 'server'),
    wordAt(destination, 'name'),
    wordAt(destination, 'namespace'),
  ];
  return `${server === '' && name !== '' ? name : server}/${namespace}`;
}

function requireRole(project: string, role: unknown): void {
  const name = wordAt(role, 'name');
  if (!/^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(name)) {
    throw invalid(
      `invalid role name '${name}'. Must consist of alphanumeric characters, '-' or '_', and must start and end with an alphanumeric character`,
    );
  }
  const policies = textsAt(role, 'policies');
  for (const policy of policies) requirePolicy(project, name, policy);
  requireUnique(
    policies,
    (policy) => new HawserError('AlreadyExists', `policy '${policy}' already exists for role '${name}'`),
  );
  const groups = textsAt(role, 'groups');
  for (const group of groups) requireGroup(group);
  requireUnique(
    groups,
    (group) => new HawserError('AlreadyExists', `group '${group}' already exists for role '${name}'`),
  );
}

const POLICY_RESOURCES = ['applications', 'applicationsets', 'logs', 'exec', 'clusters', 'repositories'];
const POLICY_ACTION = /^(get|create|update|delete|sync|override|rollback|\*)$|(action|update|delete)\/.*/;

function requirePolicy(project: string, role: string, policy: string): void {
  const wrong = (reason: string) => invalid(`invalid policy rule '${policy}': ${reason}`);
  const [type, subject, resource = '', action = '', object = '', effect = '', ...more] = policy
    .split(',')
    .map((part) => part.trim());
  if (type !== 'p' || policy.split(',').length !== 6 || more.length > 0) {
    throw wrong("must be of the form: 'p, sub, res, act, obj, eft'");
  }
  const expected = `proj:${project}:${role}`;
  if (subject !== expected) throw wrong(`policy subject must be: '${expected}', not '${subject}'`);
  if (!POLICY_RESOURCES.includes(resource)) {
    throw wrong(
      `project resource must be: 'applications', 'applicationsets', 'repositories', 'exec', 'logs' or 'clusters', not '${resource}'`,
    );
  }
  if (!POLICY_ACTION.test(action)) throw wrong(`invalid action '${action}'`);
  const own = object.startsWith(`${project}/`) ? object.slice(project.length) : '';
  if (!/^(\/[*\w.-]+)?\/[*\w.-]+$/.test(own)) {
    throw wrong(
      `object must be of form '${project}/*', '${project}[/<NAMESPACE>]/<APPNAME>' or '${project}/<APPNAME>', not '${object}'`,
    );
  }
  if (effect !== 'allow' && effect !== 'deny') throw wrong("effect must be: 'allow' or 'deny'");
}

function requireGroup(group: string): void {
  const trimmed = group.trim();
  const isQuoted = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"');
  const name = isQuoted ? trimmed.slice(1, -1) : trimmed;
  if (!isQuoted && name.includes(',')) throw invalid(`group '${name}' must be quoted`);
  if (name === '') throw invalid(`group '${name}' is empty`);
  if (/["\n\r\t]/.test(name)) throw invalid(`group '${name}' contains invalid characters`);
  if (/^\s/.test(group)) throw invalid(`group '${name}' contains a leading space`);
  if (/\s$/.test(group)) throw invalid(`group '${name}' contains a trailing space`);
}

const LONGEST_DESCRIPTION = 255;

function requireWindow(window: unknown): void {
  const [kind, schedule, duration] = wordsOf(window);
  if (kind !== 'allow' && kind !== 'deny') throw invalid(`kind '${kind}' mismatch: can only be allow or deny`);
  requireParsed('schedule', schedule, parseSchedule);
  requireParsed('duration', duration, parseGoDuration);
  if ((stringAt(window, 'description') ?? '').length > LONGEST_DESCRIPTION) {
    throw invalid('description must not exceed 255 characters');
  }
  if (!['applications', 'namespaces', 'clusters'].some((key) => textsAt(window, key).length > 0)) {
    throw invalid(`window '${kind}':'${schedule}':'${duration}' requires one of application, cluster or namespace`);
  }
}

function requireParsed(what: string, text: string, parse: (text: string) => unknown): void {
  try {
    parse(text);
  } catch (error) {
    throw invalid(`cannot parse ${what} '${text}': ${messageOf(error)}`);
  }
}

/** Whether manual syncs pass, and what it is called, does not make it another window (SyncWindow.HashIdentity). */
function identityOf(window: unknown): string {
  const keys = ['kind', 'schedule', 'duration', 'applications', 'namespaces', 'clusters', 'andOperator'];
  return JSON.stringify([...keys.map((key) => at(window, key) ?? null), stringAt(window, 'timeZone') || 'UTC']);
}

function wordsOf(window: unknown): [kind: string, schedule: string, duration: string] {
  return [wordAt(window, 'kind'), wordAt(window, 'schedule'), wordAt(window, 'duration')];
}

function requireServiceAccount(account: unknown): void {
  const [server, namespace] = [wordAt(account, 'server'), wordAt(account, 'namespace')];
  const defaultServiceAccount = wordAt(account, 'defaultServiceAccount');
  if (server.includes('!')) throw invalid(`server has an invalid format, '${server}'`);
  if (namespace.includes('!')) throw invalid(`namespace has an invalid format, '${namespace}'`);
  if (defaultServiceAccount.trim() === '' || /[!*[\]{}\\/]/.test(defaultServiceAccount)) {
    throw invalid(`defaultServiceAccount has an invalid format, '${defaultServiceAccount}'`);
  }
}

function requireUnique(keys: readonly string[], twice: (key: string, index: number) => HawserError): void {
  const seen = new Set<string>();
  keys.forEach((key, index) => {
    if (seen.has(key)) throw twice(key, index);
    seen.add(key);
  });
}

function wordAt(value: unknown, key: string): string {
  return stringAt(value, key) ?? '';
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = at(value, key) ?? [];
  if (!Array.isArray(list)) throw invalid(`spec.${key} must be a list`);
  return list;
}

function textsAt(value: unknown, key: string): readonly string[] {
  const list = at(value, key) ?? [];
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'string')) return list;
  throw invalid(`${key} must be a list of texts`);
}

function invalid(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}
