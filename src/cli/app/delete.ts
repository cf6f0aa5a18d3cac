// hawser app delete|confirm-deletion: Applications, and their objects with them.

import { Option } from 'commander';
import { isAgreed } from '../agree.ts';
import { callServer } from '../api-client.ts';
import { chooseRefs } from './applications.ts';
import { type AppContext, addVerb, DEFAULT_TIMEOUT_S, parseRef, parseTimeout, pathOf, shownName } from './context.ts';
import { waitFor } from './wait.ts';

export function addDeleteVerbs(context: AppContext): void {
  const { io } = context;
  addVerb(context, 'delete [names...]', 'delete Applications, and their objects with them')
    .option('--cascade', 'and their objects with them (the default)')
    .option('--no-cascade', 'leave the objects')
    .addOption(
      new Option('-p, --propagation-policy <policy>', 'what becomes of what the objects own').choices([
        'foreground',
        'background',
        'orphan',
      ]),
    )
    .option('-l, --selector <selector>', 'the Applications with these labels')
    .option('-y, --yes', 'do not ask')
    .option('--wait', 'until they are gone')
    .option('--timeout <seconds>', 'how long to wait; 0 for no limit', DEFAULT_TIMEOUT_S)
    .action(async (names: string[], options, self) => {
      const timeoutMs = parseTimeout(options.timeout);
      const server = await context.connect();
      const given = names.map((name) => parseRef(name, options.appNamespace));
      const isGiven = self.getOptionValueSource('cascade') === 'cli';
      const query = {
        cascade: isGiven ? options.cascade === true : undefined,
        propagationPolicy: options.propagationPolicy,
      };
      for (const ref of await chooseRefs(server, given, options)) {
        const name = shownName(ref);
        const isYes = options.cascade === false || options.yes;
        if (!(await isAgreed(io, `Are you sure you want to delete '${name}' and all its resources?`, isYes))) {
          io.stdout(`The command to delete '${name}' was cancelled.\n`);
          continue;
        }
        await callServer(server, 'DELETE', pathOf(ref, '', query));
        if (options.wait) await waitFor(context, { server, ref, wanted: { delete: true }, timeoutMs, isSilent: true });
        io.stdout(`application '${name}' deleted\n`);
      }
    });
  addVerb(
    context,
    'confirm-deletion <name>',
    'let deletions go on that wait for a confirmation (Delete=confirm, Prune=confirm)',
  ).action(async (name, { appNamespace }) => {
    const ref = parseRef(name, appNamespace);
    await callServer(await context.connect(), 'POST', pathOf(ref, '/confirm-deletion'));
    io.stdout(`Application '${ref.name}' updated successfully\n`);
  });
}
