// hawser replay ID: a push that came is worked on again, as if it had just come.

import { Command } from 'commander';
import type { DeliveryAnswer } from '../operation/push.ts';
import { callServer } from './api-client.ts';
import type { CommandIo } from './io.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { type OpenServer, offerServer } from './server-options.ts';

/** Runs `hawser replay ARGS` and gives the exit code: 1 where a verdict is an error. */
export async function replayCommand(args: readonly string[], io: CommandIo, openServer: OpenServer): Promise<number> {
  let exitCode = 0;
  const program = prepareProgram(new Command('hawser replay'), io)
    .description('have a push worked on again, as if it had just come: what its ref names now is deployed')
    .argument('<id>', 'the id that the Git server gave it (hawser deliveries)');
  const connect = offerServer(program, openServer);
  program.action(async (id) => {
    const path = `/api/deliveries/${encodeURIComponent(id)}/replay`;
    const answer = (await callServer(await connect(), 'POST', path)) as unknown as DeliveryAnswer;
    io.stdout(`${answer.deliveryId}: ${answer.repository} ${answer.ref}\n`);
    if (answer.reason) io.stdout(`${answer.reason}\n`);
    for (const { name, verdict, reason } of answer.applications) io.stdout(`${name}: ${verdict}: ${reason}\n`);
    if (answer.applications.some(({ verdict }) => verdict === 'error')) exitCode = 1;
  });
  return (await runProgram(program, args)) ?? exitCode;
}
