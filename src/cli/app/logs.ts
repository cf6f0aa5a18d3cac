// hawser app logs: what the containers of an Application's Pods have written.

import { HawserError, isHawserError } from '../../base/errors.ts';
import { at, stringAt } from '../../base/json.ts';
import { streamServer } from '../api-client.ts';
import { type AppContext, addVerb, parseRef, parseWhole, pathOf } from './context.ts';

export function addLogsVerb(context: AppContext): void {
  const { io } = context;
  addVerb(context, 'logs <name>', "what the containers of an Application's Pods have written")
    .option('--group <group>', 'of objects of this group')
    .option('--kind <kind>', 'of objects of this kind')
    .option('--namespace <namespace>', 'of objects in this namespace')
    .option('--name <name>', 'of the object with this name')
    .option('-c, --container <name>', 'of this container')
    .option('-f, --follow', 'and what they write from now on')
    .option('--tail <number>', 'only so many lines of each')
    .option('--since-seconds <number>', 'only what is not older')
    .option('--until-time <time>', 'only what was written before it (RFC 3339)')
    .option('--filter <text>', 'only lines with this text')
    .option('-m, --match-case', 'in just this spelling')
    .option('-p, --previous', 'of the containers that ran before')
    .action(async (name, options) => {
      const server = await context.connect();
      const ref = parseRef(name, options.appNamespace);
      const number = (flag: string, text: string | undefined) =>
        text === undefined ? undefined : String(parseWhole(flag, text));
      const { group, kind, namespace, container, filter } = options;
      const query = {
        ...{ group, kind, namespace, container, filter },
        resourceName: options.name,
        follow: options.follow,
        tailLines: number('--tail', options.tail),
        sinceSeconds: number('--since-seconds', options.sinceSeconds),
        untilTime: options.untilTime,
        matchCase: options.matchCase,
        previous: options.previous,
      };
      for (let sinceSeconds = query.sinceSeconds; ; sinceSeconds = '1') {
        try {
          for await (const entry of streamServer(server, pathOf(ref, '/logs', { ...query, sinceSeconds }))) {
            if (at(entry, 'last') === true) return;
            io.stdout(`${stringAt(entry, 'content') ?? ''}\n`);
          }
          return;
        } catch (error) {
          // A connection that was cut while it was followed is made again, as Argo CD does.
          if (!options.follow || !isCut(error)) throw error;
        }
      }
    });
}

function isCut(error: unknown): boolean {
  return (
    isHawserError(error, 'Unavailable') && error instanceof HawserError && error.message.includes('ended the stream')
  );
}
