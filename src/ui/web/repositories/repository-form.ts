// The form of a repository, or of a template of credentials: what is wrong with it, the body that the API takes, and the command that does the
// same.

import { httpsAddressOf } from '../../../git/ssh-address.ts';
import { shellCommand } from '../parts/shell-word.ts';

export type RepositoryType = 'git' | 'helm' | 'oci';

/** `keep`: those that hawser has, of a repository that is known. */
export type CredentialsWay = 'none' | 'basic' | 'bearer' | 'keep';

export interface RepositoryForm {
  readonly type: RepositoryType;
  readonly url: string;
  readonly name: string;
  /** '' where every project may use it. */
  readonly project: string;
  readonly way: CredentialsWay;
  readonly username: string;
  readonly password: string;
  readonly bearerToken: string;
  /** PEM. */
  readonly clientCert: string;
  readonly clientKey: string;
  readonly insecure: boolean;
  readonly enableLfs: boolean;
  readonly forceHttpBasicAuth: boolean;
  readonly proxy: string;
  readonly noProxy: string;
}

export const EMPTY_FORM: RepositoryForm = {
  ...{ type: 'git', url: '', name: '', project: '', way: 'none', username: '', password: '', bearerToken: '' },
  ...{ clientCert: '', clientKey: '', insecure: false, enableLfs: false, forceHttpBasicAuth: false },
  ...{ proxy: '', noProxy: '' },
};

export type FormProblem =
  | 'urlMissing'
  | 'urlSsh'
  | 'urlScheme'
  | 'urlUser'
  | 'ociScheme'
  | 'credentialsMissing'
  | 'passwordMissing'
  | 'tokenMissing'
  | 'pairMissing'
  | 'notPem';

export type FormProblems = Readonly<Partial<Record<keyof RepositoryForm, FormProblem>>>;

/** What is known of it, as the API tells it. */
export interface ShownRepository {
  readonly repo: string;
  readonly type?: string;
  readonly name?: string;
  readonly project?: string;
  readonly username?: string;
  readonly insecure?: boolean;
  readonly enableLfs?: boolean;
  readonly enableOCI?: boolean;
  readonly forceHttpBasicAuth?: boolean;
  readonly proxy?: string;
  readonly noProxy?: string;
  readonly inheritedCreds?: boolean;
  readonly credentials?: readonly string[];
}

export function formOf(shown: ShownRepository): RepositoryForm {
  const isOwn = (shown.credentials?.length ?? 0) > 0 && !shown.inheritedCreds;
  return {
    ...EMPTY_FORM,
    url: shown.repo,
    type: typeOf(shown),
    name: shown.name ?? '',
    project: shown.project ?? '',
    way: isOwn ? 'keep' : 'none',
    insecure: shown.insecure === true,
    enableLfs: shown.enableLfs === true,
    forceHttpBasicAuth: shown.forceHttpBasicAuth === true,
    proxy: shown.proxy ?? '',
    noProxy: shown.noProxy ?? '',
  };
}

function typeOf({ type, repo, enableOCI }: ShownRepository): RepositoryType {
  if (type === 'oci' || repo.startsWith('oci://') || enableOCI) return 'oci';
  return type === 'helm' ? 'helm' : 'git';
}

/** Of what was pasted, where it tells: `oci://…`, or an index of charts. */
export function guessType(url: string): RepositoryType | undefined {
  if (/^oci:\/\//i.test(url)) return 'oci';
  if (/\/index\.yaml$|\/\/charts\./i.test(url)) return 'helm';
  return /\.git\/?$/i.test(url) ? 'git' : undefined;
}

/** What an SSH address is over HTTPS, which hawser can use. */
export function httpsOf(url: string): string | undefined {
  return httpsAddressOf(url.trim());
}

/** Empty where it can be sent. `isTemplate`: an address that many begin with. */
export function problemsOf(form: RepositoryForm, isTemplate = false): FormProblems {
  const url = urlProblem(form, isTemplate);
  const { way, username, password, bearerToken, clientCert, clientKey } = form;
  const isPem = (text: string) => text.trim() === '' || /-----BEGIN [A-Z ]+-----/.test(text);
  return {
    ...(url && { url }),
    ...(way === 'basic' && password === '' && { password: 'passwordMissing' as const }),
    ...(way === 'bearer' && bearerToken === '' && { bearerToken: 'tokenMissing' as const }),
    ...(way === 'none' &&
      isTemplate &&
      clientCert.trim() === '' &&
      username === '' && { way: 'credentialsMissing' as const }),
    ...(!isPem(clientCert) && { clientCert: 'notPem' as const }),
    ...(!isPem(clientKey) && { clientKey: 'notPem' as const }),
    ...((clientCert.trim() === '') !== (clientKey.trim() === '') && {
      [clientCert.trim() === '' ? 'clientCert' : 'clientKey']: 'pairMissing' as const,
    }),
  };
}

function urlProblem({ url: given, type }: RepositoryForm, isTemplate: boolean): FormProblem | undefined {
  const url = given.trim();
  if (url === '') return 'urlMissing';
  if (httpsOf(url) !== undefined || /^ssh:/i.test(url)) return 'urlSsh';
  if (type === 'oci') return /^oci:\/\/./i.test(url) || (isTemplate && URL.canParse(url)) ? undefined : 'ociScheme';
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) return 'urlScheme';
  const { username, password } = new URL(url);
  return username !== '' || password !== '' ? 'urlUser' : undefined;
}

/** The body of POST and PUT; what is empty is left out. */
export function bodyOf(form: RepositoryForm): Record<string, unknown> {
  const { way, type } = form;
  const texts = {
    ...{ name: form.name.trim(), project: form.project.trim() },
    ...(way === 'basic' && { username: form.username.trim(), password: form.password }),
    ...(way === 'bearer' && { bearerToken: form.bearerToken.trim() }),
    ...{ tlsClientCertData: form.clientCert.trim(), tlsClientCertKey: form.clientKey.trim() },
    ...{ proxy: form.proxy.trim(), noProxy: form.noProxy.trim() },
  };
  const given = Object.entries(texts).filter(([, value]) => value !== '');
  return {
    repo: form.url.trim(),
    type,
    ...Object.fromEntries(given),
    ...(form.insecure && { insecure: true }),
    ...(form.enableLfs && type === 'git' && { enableLfs: true }),
    ...(form.forceHttpBasicAuth && { forceHttpBasicAuth: true }),
  };
}

/** Of a template: an address and credentials, and nothing that is one repository's. */
export function templateBodyOf(form: RepositoryForm): Record<string, unknown> {
  const { repo, name: _, project: __, type, ...rest } = bodyOf(form);
  return { url: repo, ...(type !== 'git' && { type }), ...rest };
}

/** Nothing secret stands in it: a password is piped in, a key is read of a file. */
export function commandOf(form: RepositoryForm, verb: 'repo' | 'repocreds', isKnown = false): string {
  const isOne = verb === 'repo';
  const command = shellCommand(
    'hawser',
    verb,
    'add',
    form.url.trim() || 'https://git.example.com/team/deploy.git',
    form.type !== 'git' && ['--type', form.type],
    isOne && ['--name', form.name.trim()],
    isOne && ['--project', form.project.trim()],
    form.way === 'basic' && ['--username', form.username.trim()],
    form.way === 'basic' && '--password-stdin',
    form.way === 'bearer' && ['--bearer-token', '"$TOKEN"'],
    form.clientCert.trim() !== '' && ['--tls-client-cert-path', 'cert.pem'],
    form.clientKey.trim() !== '' && ['--tls-client-cert-key-path', 'key.pem'],
    form.insecure && '--insecure-skip-server-verification',
    form.enableLfs && form.type === 'git' && '--enable-lfs',
    form.forceHttpBasicAuth && '--force-http-basic-auth',
    ['--proxy', form.proxy.trim()],
    ['--proxy-exceptions', form.noProxy.trim()],
    isKnown && '--upsert',
  );
  return form.way === 'basic' ? `${command} < password.txt` : command;
}
