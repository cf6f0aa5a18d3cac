// Argo CD's own file of contexts (servers, tokens, which one is in use): the same file, so that `argocd` and `hawser` share it. What is
// not known of it stays as it is.

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Document, parseDocument, YAMLSeq } from 'yaml';
import { HawserError, messageOf } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { yamlProblem } from './yaml-problem.ts';

/** A server as the file has it, with its context's name and the token of its user. */
export interface Context {
  readonly name: string;
  /** `argocd.example.com:443`, without a scheme. */
  readonly server: string;
  readonly user: string;
  readonly isPlainText: boolean;
  readonly isInsecure: boolean;
  readonly isCore: boolean;
  readonly rootPath: string;
  /** PEM. */
  readonly serverCrt?: string;
  readonly clientCrt?: string;
  readonly clientCrtKey?: string;
  readonly token?: string;
  readonly refreshToken?: string;
}

/** The file as it is; an empty one where there is none. Throws `InvalidInput` for one that others may read or that is no YAML. */
export function readConfig(path: string): Document {
  if (!existsSync(path)) return parseDocument('{}\n');
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new HawserError('InvalidInput', `${path} holds tokens, and others may read it`, {
      hint: `chmod 600 ${path}`,
    });
  }
  const document = parseDocument(readFileSync(path, 'utf8'));
  const [problem] = document.errors;
  if (problem || (document.contents !== null && !isObject(document.toJS()))) {
    throw new HawserError(
      'InvalidInput',
      `${path} is no file of contexts: ${problem ? yamlProblem(problem) : 'not a mapping'}`,
    );
  }
  return document.contents === null ? parseDocument('{}\n') : document;
}

/** Written aside and put in place, for its owner only. */
export function writeConfig(path: string, document: Document): void {
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // An empty flow mapping becomes one of lines.
    if (isObject(document.contents) && 'flow' in document.contents) document.contents.flow = false;
    writeFileSync(draft, document.toString(), { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } catch (error) {
    throw new HawserError('InvalidInput', `${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}

export function currentContext(document: Document): string | undefined {
  const name = document.get('current-context');
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** All of them, in the order of the file. */
export function contextsOf(document: Document): readonly Context[] {
  const servers = entriesOf(document, 'servers');
  const users = entriesOf(document, 'users');
  return entriesOf(document, 'contexts').map((context) => {
    const name = stringAt(context, 'name') ?? '';
    const server = stringAt(context, 'server') ?? '';
    const user = stringAt(context, 'user') ?? '';
    const settings = servers.find((entry) => entry.server === server) ?? {};
    const token = stringAt(users.find((entry) => entry.name === user) ?? {}, 'auth-token');
    return {
      ...{ name, server, user },
      isPlainText: settings['plain-text'] === true,
      isInsecure: settings.insecure === true,
      isCore: settings.core === true,
      rootPath: stringAt(settings, 'grpc-web-root-path') ?? '',
      ...pemAt(settings, 'certificate-authority-data', 'serverCrt'),
      ...pemAt(settings, 'client-certificate-data', 'clientCrt'),
      ...pemAt(settings, 'client-certificate-key-data', 'clientCrtKey'),
      ...(token && { token }),
    };
  });
}

/** The one that is named, or the current one; undefined where none is. Throws `NotFound`. */
export function chooseContext(document: Document, name?: string): Context | undefined {
  const wanted = name ?? currentContext(document);
  if (wanted === undefined) return undefined;
  const found = contextsOf(document).find((context) => context.name === wanted);
  if (found) return found;
  throw new HawserError('NotFound', `Context '${wanted}' undefined`, { hint: 'hawser context lists them' });
}

/** `https://…` as the settings of the server say. */
export function urlOfContext({ server, isPlainText, rootPath }: Context): string {
  const path = rootPath.replace(/^\/+|\/+$/g, '');
  return `${isPlainText ? 'http' : 'https'}://${server.replace(/\/+$/, '')}${path && `/${path}`}`;
}

/** Puts a context with its server and user into the file, and makes it the current one. */
export function storeContext(document: Document, context: Context): void {
  const { name, server, user } = context;
  putEntry(document, 'contexts', 'name', { name, server, user });
  putEntry(document, 'servers', 'server', {
    server,
    // Argo CD always writes it.
    'grpc-web-root-path': context.rootPath,
    insecure: context.isInsecure || undefined,
    'plain-text': context.isPlainText || undefined,
    core: context.isCore || undefined,
    'certificate-authority-data': dataOf(context.serverCrt),
    'client-certificate-data': dataOf(context.clientCrt),
    'client-certificate-key-data': dataOf(context.clientCrtKey),
  });
  putEntry(document, 'users', 'name', {
    name: user,
    'auth-token': context.token,
    'refresh-token': context.refreshToken,
  });
  document.set('current-context', name);
}

/** Forgets a context, and its server and user where no other one has them. Gives false where there is none. */
export function removeContext(document: Document, name: string): boolean {
  const found = contextsOf(document).find((context) => context.name === name);
  if (!found) return false;
  removeEntry(document, 'contexts', 'name', name);
  const left = contextsOf(document);
  if (!left.some(({ server }) => server === found.server)) removeEntry(document, 'servers', 'server', found.server);
  if (!left.some(({ user }) => user === found.user)) removeEntry(document, 'users', 'name', found.user);
  if (currentContext(document) === name) document.set('current-context', left[0]?.name ?? '');
  return true;
}

/** Forgets the token of a context's user. */
export function removeToken(document: Document, { user }: Context): void {
  const index = indexOf(document, 'users', 'name', user);
  if (index < 0) return;
  document.deleteIn(['users', index, 'auth-token']);
  document.deleteIn(['users', index, 'refresh-token']);
}

function entriesOf(document: Document, key: string): readonly Record<string, unknown>[] {
  const value: unknown = document.toJS();
  const list = isObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function indexOf(document: Document, list: string, key: string, value: string): number {
  return entriesOf(document, list).findIndex((entry) => entry[key] === value);
}

/** Keys that are undefined are taken out of an entry that is there; those that are not named stay. */
function putEntry(document: Document, list: string, key: string, entry: Readonly<Record<string, unknown>>): void {
  if (!(document.get(list) instanceof YAMLSeq)) document.set(list, document.createNode([]));
  const index = indexOf(document, list, key, String(entry[key]));
  if (index < 0) {
    const given = Object.entries(entry).filter(([, value]) => value !== undefined);
    document.addIn([list], document.createNode(Object.fromEntries(given)));
    return;
  }
  for (const [name, value] of Object.entries(entry)) {
    if (value === undefined) document.deleteIn([list, index, name]);
    else document.setIn([list, index, name], value);
  }
}

function removeEntry(document: Document, list: string, key: string, value: string): void {
  const index = indexOf(document, list, key, value);
  if (index >= 0) document.deleteIn([list, index]);
}

/** Go writes bytes in base64. */
function pemAt<K extends string>(settings: Readonly<Record<string, unknown>>, key: string, as: K) {
  const data = stringAt(settings, key);
  return data ? ({ [as]: Buffer.from(data, 'base64').toString('utf8') } as Record<K, string>) : {};
}

function dataOf(pem: string | undefined): string | undefined {
  return pem === undefined ? undefined : Buffer.from(pem, 'utf8').toString('base64');
}
