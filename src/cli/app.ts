// hawser app list|get|create|set|sync|wait|…: the server's API in the verbs that Argo CD users know.

import { Command } from 'commander';
import type { Tree } from '../render/tree.ts';
import { addActionVerbs } from './app/actions.ts';
import { addChangeVerbs } from './app/change.ts';
import type { AppContext } from './app/context.ts';
import { addCreateVerb } from './app/create.ts';
import { addDeleteVerbs } from './app/delete.ts';
import { addDiffVerb } from './app/diff.ts';
import { addDriftVerb } from './app/drift.ts';
import { addEditVerb } from './app/edit.ts';
import { addGetVerb } from './app/get.ts';
import { addHistoryVerb } from './app/history.ts';
import { addListVerb } from './app/list.ts';
import { addLogsVerb } from './app/logs.ts';
import { addManifestsVerb } from './app/manifests.ts';
import { addResourceVerbs } from './app/resources.ts';
import { addOperationVerbs } from './app/sync.ts';
import type { RenderLocal } from './app/sync-request.ts';
import { addWaitVerb } from './app/wait.ts';
import type { CommandIo } from './io.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { type OpenServer, offerServer } from './server-options.ts';

export interface AppCommandParts {
  readonly openServer: OpenServer;
  /** A folder of this machine. */
  readonly openFolder: (folder: string) => Promise<Tree>;
  readonly renderLocal: RenderLocal;
}

/** In the order of the help, by the names of the verbs that each adds. */
const VERBS: readonly (readonly [names: readonly string[], add: (context: AppContext) => void])[] = [
  [['list'], addListVerb],
  [['get'], addGetVerb],
  [['create'], addCreateVerb],
  [['set', 'unset', 'add-source', 'remove-source', 'patch'], addChangeVerbs],
  [['edit'], addEditVerb],
  [['diff'], addDiffVerb],
  [['manifests'], addManifestsVerb],
  [['sync', 'rollback', 'approve', 'terminate-op', 'refresh'], addOperationVerbs],
  [['wait'], addWaitVerb],
  [['history'], addHistoryVerb],
  [['delete', 'confirm-deletion'], addDeleteVerbs],
  [['resources', 'get-resource', 'patch-resource', 'delete-resource'], addResourceVerbs],
  [['logs'], addLogsVerb],
  [['actions'], addActionVerbs],
  [['drift'], addDriftVerb],
];

/** Runs `hawser app ARGS` and gives the exit code. */
export async function appCommand(args: readonly string[], io: CommandIo, parts: AppCommandParts): Promise<number> {
  let exitCode = 0;
  const program = prepareProgram(new Command('hawser app').description('Applications on a server'), io);
  const context: AppContext = {
    io,
    program,
    connect: offerServer(program, parts.openServer),
    openFolder: parts.openFolder,
    renderLocal: parts.renderLocal,
    end: (code) => {
      exitCode = code;
    },
  };
  for (const [, add] of verbsFor(args)) add(context);
  return (await runProgram(program, args)) ?? exitCode;
}

/** Those that the arguments name, whatever is meant by the word; to make all of them takes 15 ms. */
function verbsFor(args: readonly string[]) {
  const named = VERBS.filter(([names]) => names.some((name) => args.includes(name)));
  return named.length > 0 ? named : VERBS;
}
