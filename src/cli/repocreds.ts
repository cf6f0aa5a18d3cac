// hawser repocreds: credentials for all repositories whose addresses begin alike (Argo CD: cmd/argocd/commands/repocreds.go).

import { Command } from 'commander';
import { HawserError } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import { isAgreed } from './agree.ts';
import { callServer } from './api-client.ts';
import { outputOption, queryText } from './app/context.ts';
import type { CommandIo } from './io.ts';
import { formatData } from './output.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { addRepositoryFlags, readRepositoryFlags, spellFlags } from './repo-flags.ts';
import { repositoryBody } from './repository-body.ts';
import { type OpenServer, offerServer } from './server-options.ts';
import { formatTable } from './table.ts';

/** Runs `hawser repocreds ARGS` and gives the exit code. */
export async function repocredsCommand(
  args: readonly string[],
  io: CommandIo,
  openServer: OpenServer,
): Promise<number> {
  const program = prepareProgram(new Command('hawser repocreds'), io).description(
    'credentials for repositories whose addresses begin alike',
  );
  const connect = offerServer(program, openServer);
  const pathOf = (isWrite: boolean | undefined) => `/api/v1/${isWrite ? 'write-' : ''}repocreds`;

  const add = program
    .command('add <url>')
    .description('make them known')
    .option('--upsert', 'replace what is known of the address')
    .option('--write', 'for what writes: commit statuses, comments, webhooks')
    .option('--password-stdin', 'read the password from standard input');
  addRepositoryFlags(add);
  add.action(async (url, { upsert, write, passwordStdin, ...options }) => {
    const flags = readRepositoryFlags(options, io.cwd);
    const password = passwordStdin ? { password: (await io.readStdin()).replace(/\r?\n$/, '') } : {};
    const body = repositoryBody({ type: 'git', ...flags, ...password, url });
    await callServer(await connect(), 'POST', `${pathOf(write)}${queryText({ upsert })}`, body);
    io.stdout(`Repository credentials for '${withoutUserinfo(url)}' added\n`);
  });
  program
    .command('list')
    .description('all of them, without what is secret')
    .option('--write', 'those for what writes')
    .addOption(outputOption('json', 'yaml', 'wide', 'url'))
    .action(async ({ output, write }) => {
      const { items } = await callServer(await connect(), 'GET', pathOf(write));
      const all = Array.isArray(items) ? items.filter(isObject) : [];
      if (output === 'url') return io.stdout(all.map((one) => `${stringAt(one, 'url')}\n`).join(''));
      const rows = all.map((one) => [
        stringAt(one, 'url') ?? '',
        stringAt(one, 'username') ?? '',
        String(Boolean(one.sshPrivateKey)),
        String(Boolean(one.tlsClientCertData)),
      ]);
      io.stdout(formatData(all, output) ?? formatTable(['URL PATTERN', 'USERNAME', 'SSH_CREDS', 'TLS_CREDS'], rows));
    });
  program
    .command('rm <url...>')
    .description('forget them')
    .option('--write', 'those for what writes')
    .option('-y, --yes', 'do not ask')
    .action(async (urls: string[], { write, yes }) => {
      if (urls.length === 0) throw new HawserError('InvalidInput', 'no address is given');
      for (const url of urls) {
        if (await isAgreed(io, `Are you sure you want to remove '${url}'?`, yes)) {
          await callServer(await connect(), 'DELETE', `${pathOf(write)}/${encodeURIComponent(url)}`);
          io.stdout(`Repository credentials for '${withoutUserinfo(url)}' removed\n`);
        } else io.stdout(`The command to remove '${url}' was cancelled.\n`);
      }
    });

  return (await runProgram(program, spellFlags(args))) ?? 0;
}
