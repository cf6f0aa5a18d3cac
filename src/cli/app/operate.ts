// An operation from a command: asked for, watched until it ends, and told of.

import type { Application } from '../../application/types.ts';
import { HawserError } from '../../base/errors.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import { Interruption } from '../io.ts';
import { formatData } from '../output.ts';
import { followApplication } from '../progress/follow.ts';
import { createProgress } from '../progress/progress.ts';
import { applicationIn, type RawApplication } from './applications.ts';
import { type AppContext, type AppRef, pathOf, shownName } from './context.ts';
import { formatAppTree, readTree } from './resource-tree.ts';
import { formatOperationResult, formatResources, formatState, formatSummary } from './summary.ts';

export interface OperationRequest {
  readonly server: ServerAddress;
  readonly ref: AppRef;
  /** Below the Application's path: `/sync`. */
  readonly below: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** 0: without limit. */
  readonly timeoutMs: number;
  readonly output: string | undefined;
}

/** Asks for the operation without waiting for it. */
export async function beginOperation({ server, ref, below, body }: Omit<OperationRequest, 'timeoutMs' | 'output'>) {
  const { namespace } = ref;
  // grpc-gateway takes the Application's namespace from the body here, and from nowhere else.
  return callServer(server, 'POST', pathOf({ name: ref.name }, below), {
    ...body,
    ...(namespace && { appNamespace: namespace }),
  });
}

/** Does it, shows how it goes and what became of it, and gives the exit code. */
export async function operate(context: AppContext, request: OperationRequest): Promise<number> {
  const { io } = context;
  const { output } = request;
  const isData = output === 'json' || output === 'yaml';
  const raw = await follow(context, request, isData).catch((error: unknown) => {
    if (error instanceof Interruption) io.stderr(howToGoOn(request));
    throw error;
  });
  const app = applicationIn(raw);
  const { operationState } = app.status;
  const data = formatData(raw, output);
  if (data !== undefined) io.stdout(data);
  else {
    const objects = output?.startsWith('tree')
      ? formatAppTree(app, await readTree(request.server, request.ref), output === 'tree=detailed')
      : formatResources(app);
    // A terminal shows the objects already.
    const isShown = io.terminal && !io.terminal.isDumb && !output;
    const parts = [
      ...(isShown ? [] : [formatSummary(app)]),
      operationState ? formatOperationResult(operationState) : '',
      ...(isShown ? [] : [objects]),
      formatState(app),
    ];
    io.stdout(parts.filter(Boolean).join('\n'));
  }
  if (operationState?.phase !== 'Succeeded') {
    io.stderr(`Error: Operation has completed with phase: ${operationState?.phase}\n`);
    return 1;
  }
  const left = prunesLeft(app, request.body);
  if (left === 0) return 0;
  io.stderr(`Error: ${left} resources require pruning (--prune deletes them)\n`);
  return 1;
}

function howToGoOn({ ref, server }: OperationRequest): string {
  const name = shownName(ref);
  if (server.isCore) {
    return `The operation is left as it is: a server of hawser goes on with it, hawser app terminate-op ${name} --core ends it.\n`;
  }
  return `The operation goes on: hawser app wait ${name} --operation waits for it, hawser app terminate-op ${name} ends it.\n`;
}

/** The Application as it is when the operation has ended. Throws `Timeout`. */
async function follow(context: AppContext, request: OperationRequest, isSilent: boolean): Promise<RawApplication> {
  const { io } = context;
  const { server, ref, timeoutMs } = request;
  const ended = new AbortController();
  const limit = timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : undefined;
  const signal = limit ? AbortSignal.any([ended.signal, limit]) : ended.signal;
  const name = shownName(ref);
  // It is followed before it begins: what is over at once would be missed.
  const changes = await followApplication(server, ref, signal);
  const begun = await beginOperation(request).catch((error: unknown) => {
    ended.abort();
    throw error;
  });
  const progress = createProgress(io, isSilent);
  try {
    for await (const change of changes) {
      if (change === undefined) throw new HawserError('NotFound', `${name} was deleted meanwhile`);
      if (isOlder(change, begun)) continue;
      const app = applicationIn(change);
      // As long as nobody has taken it up, what is told of the last operation is of the one before.
      if (app.operation) continue;
      progress.show(app);
      if (hasEnded(app)) return change;
    }
    throw new HawserError('Timeout', `the operation of ${name} did not end within ${timeoutMs / 1000} s; it goes on`, {
      hint: `hawser app wait ${name} --operation waits for it, hawser app terminate-op ${name} ends it`,
    });
  } finally {
    progress.end();
    ended.abort();
  }
}

/** Whoever begins an operation takes it off and writes its state at once. */
function hasEnded({ operation, status: { operationState } }: Application): boolean {
  return !operation && operationState !== undefined && !['Running', 'Terminating'].includes(operationState.phase);
}

/** As the API server counts; what cannot be told counts as newer. */
function isOlder(change: RawApplication, begun: RawApplication): boolean {
  const [before, after] = [change, begun].map((raw) => Number(applicationIn(raw).metadata.resourceVersion));
  return before !== undefined && after !== undefined && before < after;
}

/** A sync of everything that left what Git no longer has is not done (Argo CD: PruningRequired). */
function prunesLeft({ status }: Application, body: Readonly<Record<string, unknown>>): number {
  if (body.dryRun || body.resources || status.sync?.status === 'Synced') return 0;
  const results = status.operationState?.syncResult?.resources ?? [];
  return results.filter(({ status: code }) => code === 'PruneSkipped').length;
}
