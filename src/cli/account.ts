// hawser account: the local accounts of a server, their passwords and tokens (Argo CD: cmd/argocd/commands/account.go).

import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { HawserError } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { isAgreed } from './agree.ts';
import { callServer, type ServerAddress } from './api-client.ts';
import { outputOption } from './app/context.ts';
import { chooseContext, readConfig, storeContext, writeConfig } from './config-file.ts';
import { configPath } from './config-path.ts';
import { formatSeconds, parseSeconds } from './durations.ts';
import type { GlobalFlags } from './global-flags.ts';
import type { CommandIo } from './io.ts';
import { formatData } from './output.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { type OpenServer, offerServer } from './server-options.ts';
import { logInWithPassword } from './session.ts';
import { formatTable } from './table.ts';

type Account = Readonly<Record<string, unknown>>;

const ACCOUNTS = '/api/v1/account';

/** Runs `hawser account ARGS` and gives the exit code. */
export async function accountCommand(args: readonly string[], io: CommandIo, openServer: OpenServer): Promise<number> {
  const program = prepareProgram(new Command('hawser account'), io).description('accounts, passwords and tokens');
  const connect = offerServer(program, openServer);
  let exitCode = 0;

  program
    .command('list')
    .description('the local accounts')
    .addOption(outputOption('json', 'yaml', 'wide', 'name'))
    .action(async ({ output }) => {
      const items = objectsOf(await callServer(await connect(), 'GET', ACCOUNTS), 'items');
      if (output === 'name') return io.stdout(items.map((account) => `${nameOf(account)}\n`).join(''));
      const rows = items.map((account) => [nameOf(account), String(account.enabled === true), capabilitiesOf(account)]);
      io.stdout(formatData(items, output) ?? formatTable(['NAME', 'ENABLED', 'CAPABILITIES'], rows));
    });
  program
    .command('get')
    .description('one of them, with what is known of its tokens')
    .option('-a, --account <name>', 'the own one where none is named')
    .addOption(outputOption('json', 'yaml', 'wide', 'name'))
    .action(async ({ account, output }) => {
      const server = await connect();
      const name = account ?? (await whoAmI(server)).username;
      const found = await callServer(server, 'GET', pathOf(name));
      if (output === 'name') return io.stdout(`${nameOf(found)}\n`);
      io.stdout(formatData(found, output) ?? formatAccount(found));
    });
  program
    .command('get-user-info')
    .alias('whoami')
    .description('who one is on the server')
    .addOption(outputOption('json', 'yaml'))
    .action(async ({ output }) => {
      const info = await callServer(await connect(), 'GET', '/api/v1/session/userinfo');
      io.stdout(formatData(info, output) ?? formatUser(info));
    });
  program
    .command('can-i <action> <resource> [object]')
    .description('whether one may do something: can-i sync applications shop/web')
    .action(async (action, resource, object = '*') => {
      const path = [resource, action].map(encodeURIComponent).join('/');
      const { value } = await callServer(await connect(), 'GET', `${ACCOUNTS}/can-i/${path}/${encodeURI(object)}`);
      io.stdout(`${value}\n`);
      exitCode = value === 'yes' ? 0 : 1;
    });
  program
    .command('update-password')
    .description('change a password')
    .option('--account <name>', 'the own one where none is named')
    .option('--current-password <password>', 'of whoever is logged in; asked for where it is not given')
    .option('--new-password <password>', 'the new one; asked for where it is not given')
    .action(async ({ account, currentPassword, newPassword }) => {
      const server = await connect();
      const { username, issuer } = await whoAmI(server);
      const isLocal = issuer === 'argocd';
      const current = isLocal
        ? (currentPassword ?? (await askFor(io, `*** Enter password of currently logged in user (${username}): `)))
        : '';
      const wanted = newPassword ?? (await askTwice(io, account ?? username));
      await callServer(server, 'PUT', `${ACCOUNTS}/password`, {
        ...{ name: account ?? '', currentPassword: current, newPassword: wanted },
      });
      io.stdout('Password updated\n');
      // The sessions from before end with the old password.
      if (isLocal && (!account || account === username))
        await renewSession(io, server, program.opts(), username, wanted);
    });
  program
    .command('generate-token')
    .description('a token for a program')
    .option('-a, --account <name>', 'the own one where none is named')
    .option('-e, --expires-in <duration>', 'for how long: 12h, 7d (for ever)', '0s')
    .option('--id <id>', 'a name of its own')
    .action(async ({ account, expiresIn, id }) => {
      const server = await connect();
      const name = account ?? (await whoAmI(server)).username;
      const body = { expiresIn: parseSeconds(expiresIn, '--expires-in'), ...(id && { id }) };
      io.stdout(`${stringAt(await callServer(server, 'POST', `${pathOf(name)}/token`, body), 'token')}\n`);
    });
  program
    .command('delete-token <id>')
    .description('make a token invalid')
    .option('-a, --account <name>', 'the own one where none is named')
    .option('-y, --yes', 'do not ask')
    .action(async (id, { account, yes }) => {
      const server = await connect();
      if (!(await isAgreed(io, `Are you sure you want to delete '${id}' token?`, yes))) {
        return io.stdout(`The command to delete '${id}' was cancelled.\n`);
      }
      const name = account ?? (await whoAmI(server)).username;
      await callServer(server, 'DELETE', `${pathOf(name)}/token/${encodeURIComponent(id)}`);
    });
  program
    .command('bcrypt')
    .description('the form in which a password is kept in argocd-secret; needs no server')
    .option('--password <password>', 'asked for where it is not given')
    .action(async ({ password }) => {
      const text = password ?? (await askFor(io, 'Enter password: '));
      const { hash } = await import('bcryptjs');
      io.stdout(`${(await hash(text, 10)).replace(/^\$2b\$/, '$2a$')}\n`);
    });

  return (await runProgram(program, args)) ?? exitCode;
}

/** Where the session is that of a context, it gets a new one; any other is to be begun by whoever began it. */
async function renewSession(
  io: CommandIo,
  server: ServerAddress,
  { config, argocdContext }: GlobalFlags,
  username: string,
  password: string,
): Promise<void> {
  const path = configPath(io.env, config);
  const document = existsSync(path) ? readConfig(path) : undefined;
  const context = document && chooseContext(document, argocdContext);
  if (!document || !context?.token || context.token !== server.token) {
    io.stderr('The session has ended with the password: hawser login begins another\n');
    return;
  }
  const session = await logInWithPassword(io, server, { username, password });
  storeContext(document, { ...context, ...session });
  writeConfig(path, document);
  io.stdout(`Context '${context.name}' updated\n`);
}

async function whoAmI(server: ServerAddress): Promise<{ readonly username: string; readonly issuer: string }> {
  const info = await callServer(server, 'GET', '/api/v1/session/userinfo');
  const username = stringAt(info, 'username') ?? '';
  if (username !== '') return { username, issuer: stringAt(info, 'iss') ?? '' };
  throw new HawserError('Unauthenticated', 'nobody is logged in', {
    hint: 'hawser login, or name an account with --account',
  });
}

async function askFor(io: CommandIo, question: string): Promise<string> {
  if (io.ask) return io.ask(question, { isHidden: true });
  const text = (await io.readStdin()).replace(/\r?\n$/, '');
  if (text !== '') return text;
  throw new HawserError('InvalidInput', 'there is no terminal to ask for the password at', {
    hint: 'give --current-password and --new-password',
  });
}

async function askTwice(io: CommandIo, name: string): Promise<string> {
  const first = await askFor(io, `*** Enter new password for user ${name}: `);
  if (!io.ask || first === (await askFor(io, `*** Confirm new password for user ${name}: `))) return first;
  throw new HawserError('InvalidInput', 'Passwords do not match');
}

function pathOf(name: string): string {
  return `${ACCOUNTS}/${encodeURIComponent(name)}`;
}

function nameOf(account: Account): string {
  return stringAt(account, 'name') ?? '';
}

function capabilitiesOf({ capabilities }: Account): string {
  return Array.isArray(capabilities) ? capabilities.join(', ') : '';
}

function objectsOf(value: Account, key: string): readonly Account[] {
  const list = value[key];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function formatAccount(account: Account): string {
  const fact = (name: string, value: string) => `${name.padEnd(20)}${value}`;
  const tokens = objectsOf(account, 'tokens').map((token) => [
    stringAt(token, 'id') ?? '',
    formatSeconds(Number(token.issuedAt ?? 0)),
    token.expiresAt ? formatSeconds(Number(token.expiresAt)) : 'never',
  ]);
  return [
    fact('Name:', nameOf(account)),
    fact('Enabled:', String(account.enabled === true)),
    fact('Capabilities:', capabilitiesOf(account)),
    '',
    'Tokens:',
    tokens.length > 0 ? formatTable(['ID', 'ISSUED AT', 'EXPIRING AT'], tokens) : 'NONE\n',
  ].join('\n');
}

function formatUser(info: Account): string {
  if (info.loggedIn !== true) return 'Logged In: false\n';
  const groups = Array.isArray(info.groups) ? info.groups.join(',') : '';
  return [
    'Logged In: true',
    `Username: ${stringAt(info, 'username') ?? ''}`,
    `Issuer: ${stringAt(info, 'iss') ?? ''}`,
    `Groups: ${groups}\n`,
  ].join('\n');
}
