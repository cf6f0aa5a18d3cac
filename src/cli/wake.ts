// hawser wake URL: starts a hawser that was scaled to zero, and waits until it has done what is due.

import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { HawserError, isHawserError } from '../base/errors.ts';
import { at } from '../base/json.ts';
import { callServer, parseServerUrl } from './api-client.ts';
import type { CommandIo } from './io.ts';
import { prepareProgram, runProgram } from './parse-command.ts';

/** To start a Pod may take so long; then it has to read the cluster. */
const PATIENCE_MS = 180_000;
const PAUSE_MS = 2_000;

/** A Pod is kept for as long as this asks; what takes longer is gone on with at the next alarm. */
const LONGEST_MS = 3_000_000;

export async function wakeCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const program = new Command('hawser wake')
    .description(
      'have a hawser look at everything, as at its start, and wait until it is done; HAWSER_TOKEN is its token',
    )
    .argument('<url>', 'where it is reached, for example http://hawser.argocd.svc');
  const ended = await runProgram(prepareProgram(program, io), args);
  if (ended !== undefined) return ended;
  const url = parseServerUrl(program.args[0] ?? '');
  const { HAWSER_TOKEN: token } = io.env;
  if (!token) {
    throw new HawserError('InvalidInput', 'HAWSER_TOKEN is not set', {
      hint: 'it is the key hawser.token of the Secret argocd-secret',
    });
  }
  const started = Date.now();
  let isAnswered = false;
  for (;;) {
    const waited = Date.now() - started;
    try {
      const answer = await callServer({ url, token }, 'POST', '/api/wake');
      isAnswered = true;
      if (at(answer, 'isIdle') === true) break;
      if (waited > LONGEST_MS) throw new HawserError('Timeout', `${url} still works after ${waited / 60_000} minutes`);
    } catch (error) {
      // Until it has started, whoever stands before it answers in its own ways.
      const mayPass = isHawserError(error, 'Unavailable') || isHawserError(error, 'ClusterRefused');
      if (!mayPass || (!isAnswered && waited > PATIENCE_MS) || waited > LONGEST_MS) throw error;
      await sleep(PAUSE_MS);
    }
  }
  io.stdout(`${url} has done what was due\n`);
  return 0;
}
