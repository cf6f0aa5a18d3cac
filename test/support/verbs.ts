// The commands that talk to a server, run against a hawser over the sandbox, as somebody with its token or after a login.

import { createApp } from '../../src/app.ts';
import { exitCodeOf, formatError, isHawserError } from '../../src/base/errors.ts';
import type { CommandIo } from '../../src/cli/io.ts';
import { serverCommands } from '../../src/cli/server-commands.ts';
import { diskTree } from '../../src/node/disk-tree.ts';
import { listen } from '../../src/node/listen.ts';
import { appPlatform } from './app-platform.ts';
import { captureIo } from './captured-io.ts';
import { createGround, type Ground, TOKEN } from './ground.ts';
import { connectSandbox } from './sandbox-transport.ts';

export interface VerbOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** What somebody at the terminal answers, one after the other. */
  readonly answers?: readonly string[];
  readonly cwd?: string;
  /** Another token than hawser's own. */
  readonly token?: string;
}

export interface Verbs {
  readonly ground: Ground;
  readonly url: string;
  run(
    words: string | readonly string[],
    options?: VerbOptions,
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  close(): Promise<void>;
}

type OpenContext = NonNullable<Parameters<typeof serverCommands>[0]['openContext']>;

export async function createVerbs(openContext?: OpenContext): Promise<Verbs> {
  const ground = await createGround(connectSandbox());
  const app = createApp(ground.hawser, appPlatform());
  const listening = await listen((request) => app.fetch(request), { host: '127.0.0.1', port: 0 });
  const commands = serverCommands({
    readDemo: async () => undefined,
    openCore: () => Promise.reject(new Error('no core here')),
    openFolder: async (folder) => diskTree(folder),
    renderLocal: async () => [],
    ...(openContext && { openContext }),
  });
  return {
    ground,
    url: listening.url,
    run: async (words, { env = {}, input = '', answers, cwd = '/', token = TOKEN } = {}) => {
      const [name = '', ...args] = typeof words === 'string' ? words.split(' ') : words;
      const { io, output } = captureIo(cwd, { HAWSER_SERVER: listening.url, HAWSER_TOKEN: token, ...env });
      const left = [...(answers ?? [])];
      const given: CommandIo = {
        ...io,
        readStdin: async () => input,
        ...(answers && { ask: async () => left.shift() ?? '' }),
      };
      try {
        const code = (await commands[name]?.(args, given)) ?? -1;
        return { code, ...output() };
      } catch (error) {
        if (!isHawserError(error)) throw error;
        io.stderr(`Error: ${formatError(error)}\n`);
        return { code: exitCodeOf(error), ...output() };
      }
    },
    close: async () => {
      await listening.close();
      await ground.close();
    },
  };
}
