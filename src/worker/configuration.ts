// What this Worker is told, checked before anything is made of it; and what it answers while it is told something wrong.

import { errorAnswer } from '../api/answer.ts';
import type { LogLevel } from '../base/log-level.ts';
import type { Clock, Settings } from '../platform.ts';
import type { WorkerEnvironment } from './bindings.ts';
import { type ChangingSecret, createChangingSecret, readSecret } from './secrets.ts';
import { readVariables, unknownVariables } from './settings.ts';

export interface WorkerConfiguration {
  readonly settings: Settings;
  readonly logLevel: LogLevel;
  /** Of the home cluster. */
  readonly kubeToken: ChangingSecret;
  /** Variables that mean nothing. */
  readonly unknown: readonly string[];
}

/** Throws `InvalidInput` for what cannot be meant, `Unavailable` where a secret cannot be read. */
export async function readConfiguration(environment: WorkerEnvironment, clock: Clock): Promise<WorkerConfiguration> {
  const { settings, logLevel } = readVariables(environment);
  const unknown = unknownVariables(environment);
  const kubeToken = createChangingSecret('KUBE_TOKEN', environment.KUBE_TOKEN, clock);
  const [token] = await Promise.all([readSecret('HAWSER_TOKEN', environment.HAWSER_TOKEN), kubeToken.read()]);
  return { settings: { ...settings, ...(token !== undefined && { token }) }, logLevel, kubeToken, unknown };
}

/** gRPC's number for it, as in the API's errors. */
const UNAVAILABLE = 14;

/** For every request while hawser cannot begin: what is wrong and what to do, in the form of the API's errors. */
export function answerMisconfigured(error: unknown): Response {
  const { message, hint } = errorAnswer(error);
  const text = `hawser does not run yet: ${message}`;
  return Response.json(
    { error: text, message: text, code: UNAVAILABLE, ...(hint && { hint }) },
    { status: 503, headers: { 'cache-control': 'no-store' } },
  );
}
