// Several replicas of hawser over one API server, in one process: each with its own connection, clock and alarms, and each mortal.

import { createLocks } from '../../src/base/locks.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { createAlarms } from '../../src/node/alarms.ts';
import { createHoldings } from '../../src/operation/create-holdings.ts';
import type { LeaseTimes } from '../../src/operation/lease-times.ts';
import { type PeerMessage, parseLookAlarm, type SharedHoldings } from '../../src/operation/replicas.ts';
import type { ClusterTransport, Log } from '../../src/platform.ts';

export interface Replica {
  readonly holdings: SharedHoldings;
  readonly logs: readonly string[];
  /** Method and path of each of its requests to the API server. */
  readonly requests: readonly string[];
  /** What it was found to be the heir of. */
  readonly heirOf: readonly string[];
  /** The names of the alarms that are set. */
  alarms(): readonly string[];
  /** From now on none of its requests arrives, and none of its alarms fires. */
  kill(): void;
  /** What it believes to have passed leaps, as after a SIGSTOP that nobody noticed: its timers have not fired. */
  standStill(ms: number): void;
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  readonly identity: string;
  readonly namespace: string;
  readonly times: LeaseTimes;
  /** By how much its wall clock is wrong. */
  readonly clockOffsetMs?: number;
  /** Where it is told of by others, and tells them. */
  readonly network?: Network;
}

/** Whom a replica's messages reach. */
export class Network {
  readonly #members = new Map<string, (message: PeerMessage) => Promise<void>>();
  readonly messages: PeerMessage[] = [];
  readonly urls = (): readonly string[] => [...this.#members.keys()];

  join(url: string, receive: (message: PeerMessage) => Promise<void>): void {
    this.#members.set(url, receive);
  }

  leave(url: string): void {
    this.#members.delete(url);
  }

  async deliver(url: string, message: PeerMessage): Promise<void> {
    const receive = this.#members.get(url);
    if (!receive) throw new TypeError('fetch failed');
    this.messages.push(message);
    await receive(message);
  }
}

export function createReplica(transport: ClusterTransport, options: ReplicaOptions): Replica {
  const { identity, namespace, times, clockOffsetMs = 0, network = new Network() } = options;
  const logs: string[] = [];
  const requests: string[] = [];
  const heirOf: string[] = [];
  const write =
    (level: string): Log['info'] =>
    (message, fields) => {
      logs.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    };
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  const works = new Set<Promise<unknown>>();
  const background = (work: Promise<unknown>) => {
    const watched = work.catch((error: unknown) => log.error(String(error))).finally(() => works.delete(watched));
    works.add(watched);
  };
  const stopping = new AbortController();
  let isAlive = true;
  let stoodStillMs = 0;
  const clock = { now: () => Date.now() + clockOffsetMs };
  const home = createKubeClient(
    {
      server: transport.server,
      fetch: async (path, init) => {
        if (!isAlive) throw new TypeError('fetch failed: the process is dead');
        requests.push(`${init?.method ?? 'GET'} ${path}`);
        return transport.fetch(path, init);
      },
    },
    { fieldManager: 'hawser' },
  );
  const url = `http://${identity}.test`;
  const alarms = createAlarms(clock, (name) => {
    const peer = parseLookAlarm(name);
    if (peer === undefined || !isAlive) return;
    background(
      holdings.look(peer).then(async (isHeir) => {
        if (!isHeir) return;
        heirOf.push(peer);
        await holdings.leftBy(peer);
        await holdings.forget(peer);
      }),
    );
  });
  const holdings = createHoldings({
    home,
    platform: {
      identity,
      settings: {
        namespace,
        loopback: true,
        insecureWebhooks: false,
        peers: [`http://${'a'}.test`, 'http://b.test', 'http://c.test'],
      },
      clock,
      log,
      alarms,
      locks: createLocks(),
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      background,
      fetch: async (target, init) => {
        if (!isAlive) throw new TypeError('fetch failed: the process is dead');
        await network.deliver(new URL(target).origin, JSON.parse(String(init.body)) as PeerMessage);
        return Response.json({ identity: new URL(target).hostname.split('.')[0] });
      },
    },
    background,
    token: async () => 'token',
    stopping: stopping.signal,
    times,
    elapsed: () => performance.now() + stoodStillMs,
  });
  network.join(url, async (message) => {
    if (message.kind === 'busy') await holdings.heardOf(message);
    else if (message.kind === 'leaving') await holdings.hasLeft(message.identity);
    else if (message.identity !== identity) holdings.giveWay(message.application);
  });
  return {
    holdings,
    logs,
    requests,
    heirOf,
    alarms: () => alarms.names(),
    kill: () => {
      isAlive = false;
      network.leave(url);
      alarms.close();
    },
    standStill: (ms) => {
      stoodStillMs += ms;
    },
    stop: async () => {
      stopping.abort();
      alarms.close();
      while (works.size > 0) await Promise.all(works);
    },
  };
}
