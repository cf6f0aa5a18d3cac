// One campaign: deliveries while hawser's processes are killed, and the API server and the Git server are restarted; then waiting until all
// is done, with nobody waking anybody.

import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationManifest } from '../../src/application/manifest.ts';
import { mapConcurrent } from '../../src/base/concurrency.ts';
import { messageOf } from '../../src/base/errors.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { type ControlPlane, freePort } from '../support/control-plane.ts';
import { type HttpBackend, startHttpBackend } from '../support/git-http-backend.ts';
import { examineHistories, examineRecord, findUnsettled, type HistoryFindings, type World } from './findings.ts';
import { createFleet } from './fleet.ts';
import { createChance } from './random.ts';
import { type CrashRepository, makeCrashRepository } from './repositories.ts';
import { createSender, deliveryOf, type Sender } from './sender.ts';

export interface CampaignOptions {
  readonly plane: ControlPlane;
  readonly name: string;
  readonly seed: number;
  readonly replicas: number;
  readonly deliveries: number;
  readonly kills: number;
  readonly applications: number;
  readonly repositories: number;
  /** By how much the replicas' clocks differ. */
  readonly skewMs: number;
  /** How often the API server, and how often the Git server, is restarted. */
  readonly restarts: number;
  /** How long everything may take that is left when the last delivery was answered. */
  readonly settleMs: number;
  readonly say: (line: string) => void;
}

export interface Campaign {
  /** Kept for a look at logs. */
  readonly folder: string;
  readonly kills: number;
  readonly ownEnds: number;
  readonly answered: Sender['answered'];
  readonly failures: Sender['failures'];
  /** After the last answer: until all Applications were as they should be, and until the record said so. */
  readonly settledAfterMs: number;
  readonly recordedAfterMs: number;
  readonly unsettled: readonly string[];
  readonly histories: HistoryFindings;
  readonly record: { readonly missing: readonly string[]; readonly open: readonly string[] };
}

const SECRET = 'crash-secret';
const TOKEN = 'crash-token';
/** Between two kills, in the mean. */
const KILL_EVERY_MS = 2_700;
/** Twice the duration of a Lease. */
const LAST_AWAY_MS = 30_000;
const IN_FLIGHT = 8;
/** Of the deliveries: a ref that goes back, a second webhook of an older push, and the same delivery once more. */
const FORCED = 0.05;
const STALE = 0.1;
const REDELIVERED = 0.05;

export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const { plane, replicas, say } = options;
  const namespace = `control-${options.name}`;
  const folder = mkdtempSync(join(tmpdir(), 'hawser-crash-'));
  say(`${options.name}: seed ${options.seed}, logs in ${folder}`);
  const chance = createChance(options.seed);
  const gitRoot = join(folder, 'git');
  mkdirSync(gitRoot);
  const repositories: CrashRepository[] = [];
  const commits = Math.ceil((options.deliveries / options.repositories) * 1.5) + 10;
  for (let index = 0; index < options.repositories; index++) {
    const applications = options.applications / options.repositories;
    const name = `${options.name}-${index}`;
    repositories.push(await makeCrashRepository({ root: gitRoot, name, applications, commits, chance }));
  }
  const gitPort = await freePort();
  let git: HttpBackend = await startHttpBackend(gitRoot, { port: gitPort });
  const client = createKubeClient(await connectKubeconfig({ kubeconfig: plane.kubeconfig }), { fieldManager: 'crash' });
  const world: World = {
    client,
    namespace,
    repositories,
    destinationOf: ({ repository }) => `crash-${repository.name}`,
  };
  await prepareHome(client, namespace);
  await createObjects(world, git.url);
  const { skewMs } = options;
  const fleet = await createFleet({ folder, kubeconfig: plane.kubeconfig, namespace, replicas, token: TOKEN, skewMs });
  let isOver = false;
  try {
    await fleet.start();
    await untilSettled(world, 60_000, say);
    say(`${options.name}: ${options.applications} Applications are deployed; the campaign begins`);

    const spanMs = options.kills * KILL_EVERY_MS;
    const sender = createSender(fleet.url, SECRET);
    let kills = 0;
    const killing = async () => {
      const own = createChance(options.seed + 1);
      while (kills < options.kills && !isOver) {
        await delay(own.between(0.1, 1.9) * KILL_EVERY_MS);
        // With others beside it, a process may stay away for longer than its Leases.
        const awayMs = replicas > 1 && own.next() < 0.3 ? own.between(5_000, 20_000) : own.between(0, 500);
        if (fleet.kill(Math.floor(own.next() * replicas), awayMs)) kills++;
      }
    };
    const restarting = async () => {
      const own = createChance(options.seed + 2);
      const pauseMs = spanMs / (options.restarts + 1) / 2;
      for (let restart = 0; restart < options.restarts && !isOver; restart++) {
        await delay(own.between(0.8, 1.2) * pauseMs);
        say(`${options.name}: the API server is killed`);
        await plane.restartApiServer(own.between(0, 3_000));
        await delay(own.between(0.8, 1.2) * pauseMs);
        say(`${options.name}: the Git server is killed`);
        await git.close();
        await delay(own.between(300, 3_000));
        git = await startHttpBackend(gitRoot, { port: gitPort });
      }
    };
    const sending = sendAll({ ...options, repositories, sender, gitUrl: git.url, spanMs });
    await Promise.all([sending, killing(), restarting()]);
    say(`${options.name}: all deliveries are answered, after ${kills} kills`);
    // What this one still had to do, the others must take over. What only its own disk has, it brings when it is back.
    if (replicas > 1) fleet.kill(Math.floor(createChance(options.seed + 3).next() * replicas), LAST_AWAY_MS);
    const begin = performance.now();
    const ids = sender.answered.map(({ id }) => id);
    const end = begin + options.settleMs;
    let unsettled = await untilSettled(world, options.settleMs, say);
    let record = await readRecord(fleet.url, ids);
    const settledAfterMs = performance.now() - begin;
    while (record.open.length + record.missing.length + unsettled.length > 0 && performance.now() < end) {
      await delay(500);
      record = await readRecord(fleet.url, ids);
      unsettled = await findUnsettled(world);
    }
    return {
      folder,
      kills,
      ownEnds: fleet.ownEnds(),
      answered: sender.answered,
      failures: sender.failures,
      settledAfterMs,
      recordedAfterMs: performance.now() - begin,
      unsettled,
      record,
      histories: await examineHistories(world, skewMs),
    };
  } finally {
    isOver = true;
    await fleet.close();
    await git.close();
  }
}

async function readRecord(url: string, ids: readonly string[]): Promise<Campaign['record']> {
  try {
    return await examineRecord(url, TOKEN, ids);
  } catch (error) {
    return { missing: [`the record cannot be read: ${messageOf(error)}`], open: [] };
  }
}

async function createObjects({ client, namespace, repositories, destinationOf }: World, gitUrl: string): Promise<void> {
  await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-secret', namespace },
    data: { 'webhook.gogs.secret': btoa(SECRET) },
  });
  const applications = repositories.flatMap((repository) => repository.applications);
  for (const name of new Set(applications.map(destinationOf))) {
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  await mapConcurrent(applications, 8, async (application) => {
    const manifest = applicationManifest({
      name: application.name,
      namespace,
      repoURL: `${gitUrl}/${application.repository.name}.git`,
      path: application.path,
      targetRevision: 'main',
      destinationNamespace: destinationOf(application),
      automated: { prune: true, selfHeal: true },
      syncOptions: [],
    });
    // Every sync shall be seen.
    await client.create({ ...manifest, spec: { ...asRecord(manifest.spec), revisionHistoryLimit: 1_000 } });
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

interface Sending {
  readonly repositories: readonly CrashRepository[];
  readonly sender: Sender;
  readonly gitUrl: string;
  readonly seed: number;
  readonly deliveries: number;
  readonly spanMs: number;
}

/** Pushes in order, evenly over the span; the deliveries go out side by side, so that they arrive in any order. */
async function sendAll({ repositories, sender, gitUrl, seed, deliveries, spanMs }: Sending): Promise<void> {
  const chance = createChance(seed);
  const begin = performance.now();
  const sending = new Set<Promise<void>>();
  const newest = new Map(repositories.map((repository) => [repository, 0]));
  for (let sent = 0; sent < deliveries; sent++) {
    await delay(begin + (sent / deliveries) * spanMs - performance.now());
    const repository = chance.pick(repositories);
    const from = repository.head();
    const dice = chance.next();
    let push = { from, to: from };
    if (dice < STALE) {
      const to = Math.floor(chance.next() * (from + 1));
      push = { from: Math.max(0, to - 1), to };
    } else {
      const top = newest.get(repository) ?? 0;
      const goesBack = dice < STALE + FORCED && from > 0;
      push = { from, to: goesBack ? Math.floor(chance.next() * from) : top + 1 };
      if (!goesBack) newest.set(repository, top + 1);
      await repository.push(push.to);
    }
    const delivery = deliveryOf(repository, gitUrl, push);
    const isTwice = chance.next() < REDELIVERED;
    while (sending.size >= IN_FLIGHT) await Promise.race(sending);
    const work = sender
      .send(delivery)
      .then(() => (isTwice ? sender.send(delivery) : undefined))
      .finally(() => sending.delete(work));
    sending.add(work);
  }
  await Promise.all(sending);
}

/** What is still not as it should be when the time is over; nothing is done meanwhile but looking. */
async function untilSettled(world: World, limitMs: number, say: (line: string) => void): Promise<readonly string[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const unsettled = await findUnsettled(world);
    if (unsettled.length === 0) return [];
    if (performance.now() > deadline) {
      say(`${unsettled.length} Applications are not settled after ${limitMs / 1_000} s`);
      return unsettled;
    }
    await delay(500);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
