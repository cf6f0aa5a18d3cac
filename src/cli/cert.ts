// hawser cert: certificates and host keys of Git servers (Argo CD: cmd/argocd/commands/cert.go).

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { HawserError, messageOf } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { isAgreed } from './agree.ts';
import { callServer } from './api-client.ts';
import { outputOption, queryText } from './app/context.ts';
import type { CommandIo } from './io.ts';
import { formatData } from './output.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { type OpenServer, offerServer } from './server-options.ts';
import { formatTable } from './table.ts';

type Certificate = Readonly<Record<string, unknown>>;

const PATH = '/api/v1/certificates';
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Runs `hawser cert ARGS` and gives the exit code. */
export async function certCommand(args: readonly string[], io: CommandIo, openServer: OpenServer): Promise<number> {
  const program = prepareProgram(new Command('hawser cert'), io).description(
    'certificates and host keys of Git servers, which are trusted beside the usual ones',
  );
  const connect = offerServer(program, openServer);
  const certType = () => new Option('--cert-type <type>', 'only of this type').choices(['ssh', 'https']);

  program
    .command('list')
    .description('all of them')
    .addOption(outputOption('json', 'yaml', 'wide'))
    .addOption(certType())
    .addOption(new Option('--sort <key>', 'the order').choices(['hostname', 'type']))
    .option('--hostname-pattern <glob>', 'only of such servers')
    .action(async ({ output, sort, hostnamePattern: hostNamePattern, certType: type }) => {
      const query = queryText({ hostNamePattern, certType: type });
      const items = itemsOf(await callServer(await connect(), 'GET', `${PATH}${query}`));
      io.stdout(formatData(items, output) ?? formatCertificates(sorted(items, sort)));
    });
  program
    .command('add-tls <server>')
    .description('trust a certificate of a server')
    .option('--from <file>', 'PEM; standard input where there is none')
    .option('--upsert', 'replace what is known of the server')
    .action(async (serverName, { from, upsert }) => {
      const found = (await read(io, from)).match(PEM) ?? [];
      if (found.length === 0) {
        throw new HawserError('InvalidInput', 'No valid certificates have been detected in the stream.');
      }
      // As Go keeps bytes in JSON.
      const certData = Buffer.from([...new Set(found)].join('\n')).toString('base64');
      const body = { items: [{ serverName, certType: 'https', certData }] };
      const made = itemsOf(await callServer(await connect(), 'POST', `${PATH}${queryText({ upsert })}`, body));
      const count = made.length === 0 ? 0 : new Set(found).size;
      io.stdout(`Created entry with ${count} PEM certificates for repository server ${serverName}\n`);
    });
  program
    .command('add-ssh')
    .description('trust host keys, one a line as known_hosts has them (hawser itself reads over HTTP and HTTPS)')
    .option('--batch', 'as always here')
    .option('--from <file>', 'standard input where there is none')
    .option('--upsert', 'replace what is known of the servers')
    .action(async ({ from, upsert }) => {
      const items = (await read(io, from)).split('\n').flatMap(knownHost);
      if (items.length === 0) throw new HawserError('InvalidInput', 'No valid SSH known hosts data found.');
      const made = await callServer(await connect(), 'POST', `${PATH}${queryText({ upsert })}`, { items });
      io.stdout(`Successfully created ${itemsOf(made).length} SSH known host entries\n`);
    });
  program
    .command('rm <server>')
    .description('trust them no longer; a glob is one of several servers')
    .addOption(certType())
    .option('--cert-sub-type <type>', 'of host keys: ssh-rsa, ecdsa …')
    .option('-y, --yes', 'do not ask')
    .action(async (hostNamePattern, { certType: type, certSubType, yes }) => {
      if (!(await isAgreed(io, `Are you sure you want to remove all certificates for '${hostNamePattern}'?`, yes))) {
        return io.stdout(`The command to remove all certificates for '${hostNamePattern}' was cancelled.\n`);
      }
      const query = queryText({ hostNamePattern, certType: type, certSubType });
      const gone = itemsOf(await callServer(await connect(), 'DELETE', `${PATH}${query}`));
      const lines = gone.map(
        (one) =>
          `Removed cert for '${textAt(one, 'serverName')}' of type '${textAt(one, 'certType')}' (subtype '${textAt(one, 'certSubType')}')\n`,
      );
      io.stdout(lines.join('') || 'No certificates were removed (none matched the given pattern)\n');
    });

  return (await runProgram(program, args)) ?? 0;
}

async function read(io: CommandIo, from: string | undefined): Promise<string> {
  if (from === undefined || from === '-') return io.readStdin();
  try {
    return readFileSync(resolve(io.cwd, from), 'utf8');
  } catch (error) {
    throw new HawserError('InvalidInput', messageOf(error), { cause: error });
  }
}

/** `host key-type key [comment]`; anything else on a line is passed over, as comments are. */
function knownHost(line: string): readonly Certificate[] {
  const [host, certSubType, key] = line.trim().split(/\s+/);
  if (!host || host.startsWith('#') || !certSubType || !key) return [];
  const certData = Buffer.from(key).toString('base64');
  return host.split(',').map((serverName) => ({ serverName, certType: 'ssh', certSubType, certData }));
}

function sorted(items: readonly Certificate[], key: 'hostname' | 'type' | undefined): readonly Certificate[] {
  if (key === undefined) return items;
  const name = key === 'hostname' ? 'serverName' : 'certType';
  return items.toSorted((a, b) => (textAt(a, name) < textAt(b, name) ? -1 : 1));
}

function formatCertificates(items: readonly Certificate[]): string {
  const keys = ['serverName', 'certType', 'certSubType', 'certInfo'];
  return formatTable(
    ['HOSTNAME', 'TYPE', 'SUBTYPE', 'INFO'],
    items.map((one) => keys.map((key) => textAt(one, key))),
  );
}

function textAt(one: Certificate, key: string): string {
  return stringAt(one, key) ?? '';
}

function itemsOf(answer: Certificate): readonly Certificate[] {
  return Array.isArray(answer.items) ? answer.items.filter(isObject) : [];
}
