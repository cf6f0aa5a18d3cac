// Sessions from the command line: with a password, or by the provider that the server trusts.

import { HawserError } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { callServer, type ServerAddress } from './api-client.ts';
import type { CommandIo } from './io.ts';
import { logInByProvider, type ProviderOptions } from './single-sign-on.ts';
import type { Session } from './token.ts';

export interface PasswordOptions {
  readonly username?: string;
  readonly password?: string;
}

/** Asks for what is not given, where there is somebody to ask; the password is not shown. */
export async function logInWithPassword(
  io: CommandIo,
  server: ServerAddress,
  { username, password }: PasswordOptions,
): Promise<Session> {
  const ask = (question: string, isHidden: boolean): Promise<string> => {
    if (io.ask) return io.ask(question, { isHidden });
    throw new HawserError('InvalidInput', 'nobody is there to be asked for a name and a password', {
      hint: 'give --username and --password, or a token in HAWSER_TOKEN instead of a login',
    });
  };
  const name = username ?? (await ask('Username: ', false)).trim();
  const secret = password ?? (await ask('Password: ', true));
  const answer = await callServer(server, 'POST', '/api/v1/session', { username: name, password: secret });
  const token = stringAt(answer, 'token');
  if (token) return { token };
  throw new HawserError('Unavailable', `${server.url} answers a login without a token`);
}

export async function logInWithProvider(
  io: CommandIo,
  server: ServerAddress,
  options: ProviderOptions,
): Promise<Session> {
  const { oidcConfig } = await callServer(server, 'GET', '/api/v1/settings');
  if (isObject(oidcConfig)) return logInByProvider(io, oidcConfig, options);
  throw new HawserError('FailedPrecondition', `${server.url} has no single sign-on`, {
    hint: 'oidc.config in argocd-cm names a provider; without --sso, a password logs in',
  });
}
