// The processes of `hawser serve` under test: killed at any instant, and started again as a kubelet would.

import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../support/control-plane.ts';
import { type Balancer, startBalancer } from './balancer.ts';

export interface FleetOptions {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly token: string;
  /** By how much the clocks of the replicas differ from one to the next. */
  readonly skewMs: number;
}

export interface Fleet {
  /** Where webhooks are sent. */
  readonly url: string;
  readonly size: number;
  /** Starts them all, and resolves when each answers. */
  start(): Promise<void>;
  /** SIGKILL to this one, or to the next that runs at this instant; it is started again after the time. False where none runs. */
  kill(replica: number, awayMs: number): boolean;
  /** How often processes ended that nobody had killed. */
  ownEnds(): number;
  close(): Promise<void>;
}

interface Replica {
  readonly port: number;
  child: ChildProcess | undefined;
  isWanted: boolean;
}

const SHIFT_CLOCK = resolve(import.meta.dirname, 'shift-clock.js');
const LAUNCHER = resolve(import.meta.dirname, '../../bin/hawser.js');
/** A container that ended by itself is started again after a while. */
const BACKOFF_MS = 500;

export async function createFleet(options: FleetOptions): Promise<Fleet> {
  const replicas: Replica[] = [];
  for (let index = 0; index < options.replicas; index++) {
    replicas.push({ port: await freePort(), child: undefined, isWanted: false });
  }
  const addresses = replicas.map(({ port }) => `http://127.0.0.1:${port}`);
  const balancer: Balancer | undefined =
    replicas.length > 1 ? await startBalancer(replicas.map(({ port }) => port)) : undefined;
  const url = balancer?.url ?? addresses[0] ?? '';
  let ownEnds = 0;
  const timers = new Set<NodeJS.Timeout>();

  const startLater = (replica: Replica, index: number, afterMs: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (replica.isWanted) startOne(replica, index);
    }, afterMs);
    timers.add(timer);
  };

  const startOne = (replica: Replica, index: number) => {
    const data = join(options.folder, `data-${index}`);
    mkdirSync(data, { recursive: true });
    const log = createWriteStream(join(options.folder, `hawser-${index}.log`), { flags: 'a' });
    log.write(`--- start ${new Date().toISOString()}\n`);
    const peers = addresses.filter((_, other) => other !== index);
    // The first one is right.
    const shiftMs = (index % 2 === 0 ? 1 : -1) * Math.ceil(index / 2) * options.skewMs;
    const shift = shiftMs === 0 ? [] : ['--import', SHIFT_CLOCK];
    const args = [
      ...shift,
      LAUNCHER,
      'serve',
      '--kubeconfig',
      options.kubeconfig,
      '--namespace',
      options.namespace,
    ].concat(['--port', String(replica.port), '--data', data], peers.length > 0 ? ['--peers', peers.join(',')] : []);
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: options.folder,
        HAWSER_TOKEN: options.token,
        HAWSER_CRASH_SHIFT_MS: String(shiftMs),
      },
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    replica.child = child;
    child.once('exit', (code) => {
      if (replica.child !== child) return;
      replica.child = undefined;
      ownEnds++;
      log.write(`--- ended with ${code} ${new Date().toISOString()}\n`);
      if (replica.isWanted) startLater(replica, index, BACKOFF_MS);
    });
  };

  const endOne = (replica: Replica): boolean => {
    const { child } = replica;
    replica.child = undefined;
    return child?.kill('SIGKILL') ?? false;
  };

  return {
    url,
    size: replicas.length,
    start: async () => {
      for (const [index, replica] of replicas.entries()) {
        replica.isWanted = true;
        startOne(replica, index);
      }
      await Promise.all(addresses.map(waitUntilUp));
    },
    kill: (first, awayMs) => {
      for (let step = 0; step < replicas.length; step++) {
        const index = (first + step) % replicas.length;
        const replica = replicas[index];
        if (!replica || !endOne(replica)) continue;
        startLater(replica, index, awayMs);
        return true;
      }
      return false;
    },
    ownEnds: () => ownEnds,
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      for (const replica of replicas) {
        replica.isWanted = false;
        endOne(replica);
      }
      await balancer?.close();
    },
  };
}

async function waitUntilUp(url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const isUp = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolveSoon) => setTimeout(resolveSoon, 50));
  }
  throw new Error(`${url} did not answer within 60 s`);
}
