// hawser app sync|rollback|approve|terminate-op|refresh: operations, begun and ended.

import type { Application } from '../../application/types.ts';
import { HawserError } from '../../base/errors.ts';
import type { DeliveryAnswer } from '../../operation/push.ts';
import { isAgreed } from '../agree.ts';
import { callServer } from '../api-client.ts';
import { chooseRefs, getApplication } from './applications.ts';
import {
  type AppContext,
  addVerb,
  collect,
  DEFAULT_TIMEOUT_S,
  outputOption,
  parseRef,
  parseTimeout,
  parseWhole,
  pathOf,
  shownName,
} from './context.ts';
import { printDiff } from './diff.ts';
import { beginOperation, operate } from './operate.ts';
import { addSyncFlags, type SyncFlags, syncRequestOf } from './sync-request.ts';

const TIMEOUT = ['--timeout <seconds>', 'how long to wait; 0 for no limit', DEFAULT_TIMEOUT_S] as const;
const FORMS = ['wide', 'json', 'yaml', 'tree', 'tree=detailed'];

export function addOperationVerbs(context: AppContext): void {
  addSync(context);
  addRollback(context);
  addApprove(context);
  addTerminate(context);
  addRefresh(context);
}

interface SyncOptions extends SyncFlags {
  readonly selector?: string;
  readonly project?: readonly string[];
  readonly async?: boolean;
  readonly timeout: string;
  readonly output?: string;
  readonly previewChanges?: boolean;
  readonly assumeYes?: boolean;
  readonly appNamespace?: string;
}

function addSync(context: AppContext): void {
  const { io } = context;
  const command = addVerb(context, 'sync [names...]', 'make the cluster as Git says, and wait for the end of it')
    .option('-l, --selector <selector>', 'the Applications with these labels')
    .option('--project <name>', 'the Applications of this project; may be given again', collect)
    .option('--async', 'do not wait')
    .option('--preview-changes', 'show what would change, and ask')
    .option('--assumeYes', 'do not ask')
    .option(...TIMEOUT)
    .addOption(outputOption(...FORMS));
  addSyncFlags(command).action(async (names: string[], options: SyncOptions) => {
    const timeoutMs = parseTimeout(options.timeout);
    const server = await context.connect();
    const given = names.map((name) => parseRef(name, options.appNamespace));
    const refs = await chooseRefs(server, given, options);
    if (refs.length !== 1 && options.revisions) {
      throw new HawserError('InvalidInput', '--revisions is for one Application');
    }
    for (const ref of refs) {
      let known: Promise<Application> | undefined;
      const readApp = () => {
        known ??= getApplication(server, ref);
        return known;
      };
      const body = await syncRequestOf(context, server, ref, readApp, options);
      if (options.previewChanges && !(await isWanted(shownName(ref), options))) continue;
      const request = { server, ref, below: '/sync', body };
      if (options.async) await beginOperation(request);
      else if ((await operate(context, { ...request, timeoutMs, output: options.output })) !== 0) context.end(1);

      async function isWanted(name: string, { revision, assumeYes }: SyncOptions): Promise<boolean> {
        io.stdout(`====== Previewing differences between live and desired state of application ${name} ======\n`);
        const differs = await printDiff(context, server, ref, {
          ...(revision && { revisions: [revision] }),
          differs: 1,
        });
        if (differs === 0) io.stdout('====== No Differences found ======\n');
        if (differs !== 1) return false;
        return isAgreed(io, `Do you want to continue the sync of ${name}?`, assumeYes);
      }
    }
  });
}

function addRollback(context: AppContext): void {
  addVerb(
    context,
    'rollback <name> [id]',
    'bring back an entry of the history (the one before the newest), and wait for the end of it',
  )
    .option('--prune', 'delete what it did not have')
    .option('--dry-run', 'only try it')
    .option('--disable-auto-sync', 'turn automated sync off first, which otherwise refuses')
    .option(...TIMEOUT)
    .addOption(outputOption(...FORMS))
    .action(async (name, id, { prune, dryRun, disableAutoSync, timeout, output, appNamespace }) => {
      const body = {
        ...(id !== undefined && { id: parseWhole('the id', id) }),
        ...(prune && { prune: true }),
        ...(dryRun && { dryRun: true }),
        ...(disableAutoSync && { disableAutoSync: true }),
      };
      const place = { server: await context.connect(), ref: parseRef(name, appNamespace) };
      const timeoutMs = parseTimeout(timeout);
      context.end(await operate(context, { ...place, below: '/rollback', body, timeoutMs, output }));
    });
}

function addApprove(context: AppContext): void {
  addVerb(context, 'approve <name>', 'let a sync that a sync window holds go on now, and wait for the end of it')
    .option(...TIMEOUT)
    .addOption(outputOption(...FORMS))
    .action(async (name, { timeout, output, appNamespace }) => {
      const place = { server: await context.connect(), ref: parseRef(name, appNamespace) };
      const timeoutMs = parseTimeout(timeout);
      context.end(await operate(context, { ...place, below: '/approve-sync', body: {}, timeoutMs, output }));
    });
}

function addTerminate(context: AppContext): void {
  addVerb(context, 'terminate-op <name>', 'end the operation that runs, or waits for its next attempt').action(
    async (name, { appNamespace }) => {
      const ref = parseRef(name, appNamespace);
      await callServer(await context.connect(), 'DELETE', pathOf(ref, '/operation'));
      context.io.stdout(`Application '${ref.name}' operation terminating\n`);
    },
  );
}

function addRefresh(context: AppContext): void {
  addVerb(context, 'refresh <name>', 'compare with Git and the cluster now')
    .option('--hard', 'render anew')
    .action(async (name, { hard, appNamespace }) => {
      const ref = parseRef(name, appNamespace);
      const { namespace } = ref;
      const body = {
        ...{ application: ref.name, wait: true },
        ...(namespace && { appNamespace: namespace }),
        ...(hard && { hard: true }),
      };
      const server = await context.connect();
      const answer = (await callServer(server, 'POST', '/api/refresh', body)) as unknown as DeliveryAnswer;
      if (answer.reason) throw new HawserError('NotFound', answer.reason, { hint: 'hawser app list shows all' });
      for (const { name: app, verdict, reason } of answer.applications) {
        context.io.stdout(`${app}: ${verdict}: ${reason}\n`);
      }
      if (answer.applications.some(({ verdict }) => verdict === 'error')) context.end(1);
    });
}
