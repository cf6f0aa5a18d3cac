// The flags of `argocd repo add`, and what each puts into the repository's Secret.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RepositoryData } from '../application/repository-secret.ts';
import { HawserError, messageOf } from '../base/errors.ts';

interface Flag {
  readonly flags: string;
  readonly description: string;
  /** The key of the Secret. */
  readonly key: string;
  /** The value is the content of a file. */
  readonly isFile?: boolean;
}

const FLAGS: readonly Flag[] = [
  { flags: '--type <type>', description: 'git, helm or oci', key: 'type' },
  { flags: '--name <name>', description: 'a name for it; dependencies of charts may use it (@name)', key: 'name' },
  { flags: '--project <project>', description: 'only Applications of this project may use it', key: 'project' },
  { flags: '--username <user>', description: 'of an account of the Git server', key: 'username' },
  { flags: '--password <password>', description: 'its password or token', key: 'password' },
  { flags: '--bearer-token <token>', description: 'instead of both', key: 'bearerToken' },
  {
    flags: '--ssh-private-key-path <file>',
    description: 'for Argo CD: hawser itself reads over HTTP and HTTPS',
    key: 'sshPrivateKey',
    isFile: true,
  },
  { flags: '--tls-client-cert-path <file>', description: 'PEM', key: 'tlsClientCertData', isFile: true },
  { flags: '--tls-client-cert-key-path <file>', description: 'PEM', key: 'tlsClientCertKey', isFile: true },
  { flags: '--insecure-skip-server-verification', description: 'accept any certificate', key: 'insecure' },
  { flags: '--insecure-ignore-host-key', description: 'the same, in an older word', key: 'insecureIgnoreHostKey' },
  { flags: '--insecure-oci-force-http', description: 'a registry without TLS', key: 'insecureOCIForceHttp' },
  { flags: '--enable-lfs', description: 'fetch files that are kept in Git LFS', key: 'enableLfs' },
  { flags: '--enable-oci', description: 'the charts are in a registry', key: 'enableOCI' },
  { flags: '--force-http-basic-auth', description: 'always send user and password', key: 'forceHttpBasicAuth' },
  { flags: '--proxy <url>', description: 'reach it by this proxy', key: 'proxy' },
  { flags: '--proxy-exceptions <hosts>', description: 'but not these hosts (--no-proxy)', key: 'noProxy' },
  { flags: '--github-app-id <id>', description: 'a GitHub App', key: 'githubAppID' },
  { flags: '--github-app-installation-id <id>', description: 'its installation', key: 'githubAppInstallationID' },
  {
    flags: '--github-app-private-key-path <file>',
    description: 'its key',
    key: 'githubAppPrivateKey',
    isFile: true,
  },
  {
    flags: '--github-app-enterprise-base-url <url>',
    description: "the server's API",
    key: 'githubAppEnterpriseBaseUrl',
  },
  {
    flags: '--gcp-service-account-key-path <file>',
    description: 'a Google service account',
    key: 'gcpServiceAccountKey',
    isFile: true,
  },
];

export function addRepositoryFlags(command: Command): void {
  for (const { flags, description } of FLAGS) command.option(flags, description);
}

/** What was given, by the keys of the Secret. Throws `InvalidInput` for a file that cannot be read. */
export function readRepositoryFlags(options: Readonly<Record<string, unknown>>, cwd: string): RepositoryData {
  const data: Record<string, string> = {};
  for (const { flags, key, isFile } of FLAGS) {
    const given = options[nameOf(flags)];
    if (given === true) data[key] = 'true';
    else if (typeof given === 'string') data[key] = isFile ? readFile(flags, given, cwd) : given;
  }
  return data;
}

/** For commander, --no-proxy would be a --proxy that says no. */
export function spellFlags(args: readonly string[]): readonly string[] {
  return args.map((arg) => arg.replace(/^--no-proxy(?==|$)/, '--proxy-exceptions'));
}

function nameOf(flags: string): string {
  const [long = ''] = flags.slice(2).split(' ');
  return long.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function readFile(flags: string, path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    throw new HawserError('InvalidInput', `${flags.split(' ')[0]}: ${messageOf(error)}`, { cause: error });
  }
}
