// hawser's server on Node: the handler over a cluster, on the ports that it listens on, from its start to its end.

import { randomBytes } from 'node:crypto';
import { createMetricsHandler } from '../api/metrics-routes.ts';
import { createApp } from '../app.ts';
import { messageOf } from '../base/errors.ts';
import { createKubeClient } from '../kube/client.ts';
import { createAlarmJob } from '../operation/alarm-job.ts';
import { refusingBesideArgoCd } from '../operation/beside-argo-cd.ts';
import { createHawser } from '../operation/create.ts';
import type { Hawser } from '../operation/hawser.ts';
import { FIELD_MANAGER } from '../operation/road.ts';
import type { ClusterTransport, Log, NamedCluster, Settings } from '../platform.ts';
import { createSourceReaders } from '../source/reader.ts';
import { createNoticeHandler } from '../webhook/notice.ts';
import { type AlarmKeeper, createAlarmKeeper } from './alarm-keeper.ts';
import { makeDataFolder } from './data-folder.ts';
import { type Listening, listen } from './listen.ts';
import { CERTIFICATE_ALARM, listenForNotices, renewInBackground } from './notices.ts';
import { createNodePlatform } from './platform.ts';
import { createRenderThread } from './render-thread.ts';
import { createTlsServer, type TlsFiles } from './tls.ts';

export interface ServerOptions {
  readonly home: ClusterTransport;
  /** The cluster that Applications deploy to, where they lie elsewhere. */
  readonly inCluster?: ClusterTransport;
  readonly namedClusters?: readonly NamedCluster[];
  readonly settings: Settings;
  readonly log: Log;
  readonly host: string;
  readonly port: number;
  /** HTTPS with this certificate; plain HTTP without. */
  readonly tls?: TlsFiles;
  /** Where admission notices come in; none are taken without it. */
  readonly noticePort?: number;
  /** Where Prometheus asks, which needs no right there; it may ask the server itself with one. */
  readonly metricsPort?: number;
  readonly dataFolder: string;
  readonly memoryCache?: boolean;
  /** Keeps alarms in the cluster, by an image of hawser and the address at which it is woken. */
  readonly alarmJobs?: { readonly image: string; readonly url: string };
  /** What lies outside of the cluster is read anew: before a push or a refresh is looked at, and by SIGHUP. */
  readonly reload?: () => Promise<void>;
}

export interface RunningServer {
  readonly hawser: Hawser;
  readonly listening: Listening;
  readonly notices?: Listening;
  readonly metrics?: Listening;
  /** What a person has changed outside of the cluster is read anew: SIGHUP. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** Puts hawser together over a cluster and listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { namedClusters, settings, log, host, port, noticePort, dataFolder, memoryCache = false } = options;
  const { alarmJobs, metricsPort, inCluster, reload } = options;
  const { namespace, alongside } = settings;
  const clock = { now: () => Date.now() };
  const home = alongside ? options.home : refusingBesideArgoCd(options.home, { namespace, clock, log });
  const stopping = new AbortController();
  const tls = options.tls && createTlsServer(options.tls, log);
  await makeDataFolder(dataFolder);
  // No alarm is set before hawser is there.
  let onAlarm: (name: string) => void = () => undefined;
  let keeper: AlarmKeeper | undefined;
  const platform = await createNodePlatform({
    home,
    ...(inCluster && { inCluster }),
    ...(namedClusters && { namedClusters }),
    settings,
    log,
    dataFolder,
    memoryCache,
    onAlarm: (name) => onAlarm(name),
    onAlarmsChange: () => keeper?.changed(),
  });
  if (alarmJobs) {
    const identity = platform.identity ?? randomBytes(8).toString('hex');
    const client = createKubeClient(home, { fieldManager: FIELD_MANAGER });
    const { clock, alarms } = platform;
    const job = createAlarmJob({ home: client, namespace: settings.namespace, ...alarmJobs, identity, clock, log });
    keeper = createAlarmKeeper(alarms, clock, job);
  }
  const renders = createRenderThread();
  const closers = [() => renders.close(), () => platform.close()];
  try {
    const made = createHawser({
      platform,
      readSources: createSourceReaders(platform, renders),
      stopping: stopping.signal,
    });
    const kept = keeper ? withKeptAlarms(made, keeper) : made;
    const hawser = reload ? lookingFirst(kept, reload) : kept;
    const app = createApp(hawser, platform);
    const listening = await listen((request) => app.fetch(request), { host, port, ...(tls && { server: tls.server }) });
    closers.unshift(() => listening.close());
    const notices =
      noticePort === undefined
        ? undefined
        : await listenForNotices({
            ...{ home: createKubeClient(home, { fieldManager: FIELD_MANAGER }), namespace: settings.namespace },
            ...{ host, port: noticePort, clock: platform.clock, alarms: platform.alarms, log },
            handler: createNoticeHandler(hawser),
            token: () => hawser.token(),
          });
    if (notices) closers.unshift(() => notices.close());
    const metrics =
      metricsPort === undefined ? undefined : await listen(createMetricsHandler(hawser), { host, port: metricsPort });
    if (metrics) closers.unshift(() => metrics.close());
    onAlarm = (name) =>
      platform.background(notices && name === CERTIFICATE_ALARM ? renewInBackground(notices, log) : hawser.alarm(name));
    return {
      hawser,
      listening,
      ...(notices && { notices }),
      ...(metrics && { metrics }),
      reload: async () => {
        tls?.reload();
        await reload?.();
      },
      close: async () => {
        await Promise.all([notices?.close(), metrics?.close()]);
        await listening.close();
        const isBusy = await isWorking(hawser);
        stopping.abort();
        // Before the work ends, which may take longer than there is time.
        await keeper?.beforeEnd(isBusy);
        await hawser.idle();
        await keeper?.beforeEnd(isBusy);
        await renders.close();
        await platform.close();
      },
    };
  } catch (error) {
    for (const close of closers) await close();
    throw error;
  }
}

/** What is left unfinished is finished while requests are answered already; the cluster may be away at that moment. */
export function resumeInBackground({ hawser }: RunningServer, log: Log): void {
  // Known from now on: a webhook can be checked while the cluster is away, even the first one.
  hawser.webhookSettings().catch(() => undefined);
  hawser
    .resume()
    .catch((error: unknown) => log.warn('catching up failed; the next wake tries again', { reason: messageOf(error) }));
}

/** Whoever has looked at everything has seen to what was due. */
function withKeptAlarms(hawser: Hawser, keeper: AlarmKeeper): Hawser {
  return {
    ...hawser,
    resume: async () => {
      await hawser.resume();
      await keeper.lookedAtAll();
    },
    wake: async () => {
      const woken = await hawser.wake();
      if (woken.isIdle) await keeper.lookedAtAll();
      return woken;
    },
  };
}

/** Nobody tells of a change outside of the cluster: it is looked for when there is something to do. */
function lookingFirst(hawser: Hawser, reload: () => Promise<void>): Hawser {
  return {
    ...hawser,
    receivePush: async (push, answerMs) => {
      await reload();
      return hawser.receivePush(push, answerMs);
    },
    refresh: async (request) => {
      await reload();
      return hawser.refresh(request);
    },
  };
}

async function isWorking(hawser: Hawser): Promise<boolean> {
  const soon = new Promise<boolean>((resolve) => setImmediate(resolve, true));
  return Promise.race([hawser.idle().then(() => false), soon]);
}
