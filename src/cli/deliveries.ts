// hawser deliveries [ID]: the pushes that came, and what each meant for the Applications.

import { Command, Option } from 'commander';
import { at } from '../base/json.ts';
import { callServer } from './api-client.ts';
import { formatDeliveries, formatDelivery } from './delivery-text.ts';
import type { CommandIo } from './io.ts';
import { formatData } from './output.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { type OpenServer, offerServer } from './server-options.ts';

/** Runs `hawser deliveries ARGS` and gives the exit code. */
export async function deliveriesCommand(
  args: readonly string[],
  io: CommandIo,
  openServer: OpenServer,
): Promise<number> {
  const program = prepareProgram(new Command('hawser deliveries'), io)
    .description('the pushes that came, the newest first; or all about one')
    .argument('[id]', 'the id that the Git server gave it')
    .addOption(new Option('-o, --output <format>', 'another form').choices(['wide', 'json', 'yaml']))
    .option('--app <name>', 'only those that concerned this Application')
    .option('--repo <url>', 'only those of this repository')
    .option('--limit <number>', 'how many', '20');
  const connect = offerServer(program, openServer);
  program.action(async (id, options) => {
    const server = await connect();
    if (id !== undefined) {
      const answer = await callServer(server, 'GET', `/api/deliveries/${encodeURIComponent(id)}`);
      io.stdout(formatData(answer, options.output) ?? formatDelivery(answer));
      return;
    }
    const query = new URLSearchParams({
      limit: options.limit,
      ...(options.app && { application: options.app }),
      ...(options.repo && { repository: options.repo }),
    });
    const items = at(await callServer(server, 'GET', `/api/deliveries?${query}`), 'items');
    const deliveries = Array.isArray(items) ? items : [];
    io.stdout(formatData(deliveries, options.output) ?? formatDeliveries(deliveries, options.output === 'wide'));
  });
  return (await runProgram(program, args)) ?? 0;
}
