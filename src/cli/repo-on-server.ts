// hawser repo, where a server is named or a demo runs: the same verbs over its API, by the rights that one has there (Argo CD: cmd/argocd/commands/repo.go).
// Where none is named they are those of repo.ts, straight on the cluster of the kubeconfig.

import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { RepositoryData } from '../application/repository-secret.ts';
import { isObject, stringAt } from '../base/json.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import { isAgreed } from './agree.ts';
import { callServer } from './api-client.ts';
import { outputOption, queryText } from './app/context.ts';
import { configPath } from './config-path.ts';
import type { CommandIo } from './io.ts';
import { formatData } from './output.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { addRepositoryFlags, readRepositoryFlags, spellFlags } from './repo-flags.ts';
import { repositoryBody } from './repository-body.ts';
import { type OpenServer, offerServer, type ServerParts } from './server-options.ts';
import { formatTable } from './table.ts';

type Repository = Readonly<Record<string, unknown>>;

/** Flags that only the verbs on a cluster have. */
const OF_CLUSTER = ['--context', '--namespace', '--hook', '--hook-token', '--hook-timeout', '--webhook-secret'];
/** Flags that name a server. */
const OF_SERVER = ['--core', '--server', '--auth-token', '--argocd-context', '--config', '--write'];

/** Whether the words, the environment or a demo that runs mean a server, and not a cluster. */
export async function meansServer(
  args: readonly string[],
  { env }: CommandIo,
  readDemo: ServerParts['readDemo'],
): Promise<boolean> {
  const has = (flags: readonly string[]) => args.some((arg) => flags.includes(arg.split('=', 1)[0] ?? ''));
  if (has(OF_CLUSTER)) return false;
  if (has(OF_SERVER)) return true;
  if (has(['--kubeconfig'])) return false;
  if (env.HAWSER_SERVER || env.ARGOCD_SERVER || existsSync(configPath(env))) return true;
  return (await readDemo()) !== undefined;
}

/** Runs `hawser repo ARGS` and gives the exit code. */
export async function repoOnServerCommand(
  args: readonly string[],
  io: CommandIo,
  openServer: OpenServer,
): Promise<number> {
  const program = prepareProgram(new Command('hawser repo'), io).description('repositories and their credentials');
  const connect = offerServer(program, openServer);
  const addVerb = (usage: string, description: string) =>
    program.command(usage).description(description).option('--write', 'what writes: commit statuses, comments');
  const pathOf = (isWrite: boolean | undefined) => `/api/v1/${isWrite ? 'write-' : ''}repositories`;
  const refreshOption = () => new Option('--refresh <how>', 'look anew whether it can be reached').choices(['hard']);

  const add = addVerb('add <url>', 'make a repository known, after the server has reached it with what is given')
    .option('--upsert', 'replace what is known of it')
    .option('--password-stdin', 'read the password from standard input');
  addRepositoryFlags(add);
  add.action(async (url: string, { upsert, write, passwordStdin, ...options }) => {
    const password: RepositoryData = passwordStdin ? { password: (await io.readStdin()).replace(/\r?\n$/, '') } : {};
    const data: RepositoryData = { type: 'git', ...readRepositoryFlags(options, io.cwd), ...password };
    const body = { ...repositoryBody(data), repo: url };
    await callServer(await connect(), 'POST', `${pathOf(write)}${queryText({ upsert })}`, body);
    io.stdout(`Repository '${withoutUserinfo(url)}' added\n`);
  });
  addVerb('list', 'all that one may see, and whether they can be reached')
    .addOption(refreshOption())
    .addOption(outputOption('url', 'json', 'yaml', 'wide'))
    .action(async ({ output, refresh, write }) => {
      const query = queryText({ forceRefresh: refresh === 'hard' || undefined });
      const { items } = await callServer(await connect(), 'GET', `${pathOf(write)}${query}`);
      print(Array.isArray(items) ? items.filter(isObject) : [], output);
    });
  addVerb('get <url>', 'one of them')
    .option('--project <project>', 'as it is known for this project')
    .addOption(refreshOption())
    .addOption(outputOption('url', 'json', 'yaml', 'wide'))
    .action(async (url, { project: appProject, output, refresh, write }) => {
      const query = queryText({ appProject, forceRefresh: refresh === 'hard' || undefined });
      const path = `${pathOf(write)}/${encodeURIComponent(url)}${query}`;
      const found = await callServer(await connect(), 'GET', path);
      if (output === 'json' || output === 'yaml') return io.stdout(formatData(found, output) ?? '');
      print([found], output);
    });
  addVerb('rm <url...>', 'forget it, and the credentials for it')
    .option('--project <project>', 'as it is known for this project')
    .option('-y, --yes', 'do not ask')
    .action(async (urls: string[], { project: appProject, write, yes }) => {
      for (const url of urls) {
        if (!(await isAgreed(io, `Are you sure you want to delete repository '${withoutUserinfo(url)}'?`, yes))) {
          io.stdout(`The command to delete '${withoutUserinfo(url)}' was cancelled.\n`);
          continue;
        }
        const path = `${pathOf(write)}/${encodeURIComponent(url)}${queryText({ appProject })}`;
        await callServer(await connect(), 'DELETE', path);
        io.stdout(`Repository '${withoutUserinfo(url)}' removed\n`);
      }
    });

  return (await runProgram(program, spellFlags(args))) ?? 0;

  function print(repositories: readonly Repository[], output: string | undefined): void {
    const urls = repositories.map((one) => `${textAt(one, 'repo')}\n`).join('');
    io.stdout(output === 'url' ? urls : (formatData(repositories, output) ?? formatRepositories(repositories)));
  }
}

function formatRepositories(repositories: readonly Repository[]): string {
  return formatTable(
    ['TYPE', 'NAME', 'REPO', 'INSECURE', 'OCI', 'LFS', 'CREDS', 'STATUS', 'MESSAGE', 'PROJECT'],
    repositories.map((one) => [
      ...['type', 'name', 'repo'].map((key) => textAt(one, key)),
      ...['insecure', 'enableOCI', 'enableLfs'].map((key) => String(one[key] === true)),
      one.inheritedCreds === true ? 'inherited' : String(Boolean(one.username)),
      ...['status', 'message'].map((key) => stringAt(one, 'connectionState', key) ?? ''),
      textAt(one, 'project'),
    ]),
  );
}

function textAt(one: Repository, key: string): string {
  return stringAt(one, key) ?? '';
}
