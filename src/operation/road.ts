// What every part of the road shares: the platform, the home cluster, the clients of other clusters, and the work in progress.

import { type ArgoSettings, parseArgoSettings } from '../application/argo-settings.ts';
import type { Application, Destination } from '../application/types.ts';
import type { RepositorySecret, RepositorySecrets } from '../git/credentials.ts';
import { type HealthOf, resourceHealth } from '../health/health.ts';
import { createKubeClient, type KubeClient } from '../kube/client.ts';
import type { Platform } from '../platform.ts';
import type { SourceReader } from '../source/source.ts';
import type { Pause } from './alarms.ts';
import type { ApplicationObserver } from './application-observer.ts';
import type { Clusters } from './clusters.ts';
import type { AtHand, AtHandForPush, UnfinishedDelivery } from './deliver.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { DriftMemory } from './drift-memory.ts';
import type { NewestPush } from './intent.ts';
import type { Listing } from './listing.ts';
import type { AnyPush } from './push.ts';
import type { ReadSetStore } from './read-sets.ts';
import type { RecentPushes } from './recent-pushes.ts';
import type { SharedHoldings } from './replicas.ts';
import type { RunningOperation } from './running-operation.ts';
import type { Turns } from './turns.ts';
import type { Place } from './work.ts';

export const FIELD_MANAGER = 'hawser';

/** What argocd-cm says, and what follows from it. */
export interface ArgoKnowledge {
  settings: ArgoSettings;
  /** The health of an object, by the built-in checks and those of the settings. */
  healthOf: HealthOf;
  /** Of the ConfigMaps that were read last; undefined before. */
  resourceVersion?: string;
  /** Settings without a meaning here that were told of. */
  readonly reported: Set<string>;
}

export interface Road {
  readonly platform: Platform;
  /** Lets work go on after an answer; `idle` waits for it, unlike for `platform.background`. */
  background(work: Promise<unknown>): void;
  readonly home: KubeClient;
  /** As the newest list of Secrets has them: every delivery reads it once, before its first work. */
  readonly clusters: Clusters;
  /** Looks at an Application by and by, one of the control namespace where none is named: it was made, changed or deleted. */
  wakeApplication(name: string, atHand?: AtHand, namespace?: string): void;
  /** Looks by and by at those of a list that nobody has looked at yet. */
  wakeNew(apps: readonly Application[]): void;
  /** Hears what becomes of Applications: metrics, Events, notifications. */
  readonly observer: ApplicationObserver;
  /** A reader whose ref listings are made once: one for each delivery. */
  readSources(secrets: RepositorySecrets): SourceReader;
  /** As the newest read has it: every delivery reads argocd-cm once, before its first work (settings.ts, readArgoSettings). */
  readonly argo: ArgoKnowledge;
  /**
   * The Applications of the last list: a push begins with them while the next list is on its way. And the repositories' Secrets, whose
   * projects may use them.
   */
  readonly lastListed: { applications: readonly Application[]; repositories: readonly RepositorySecret[] };
  /** The order in which deliveries come to an Application. */
  readonly turns: Turns;
  /** What was read of Git for each Application. */
  readonly readSets: ReadSetStore;
  /** Intents are numbered in the order in which they came. */
  readonly intents: { newest: number };
  /** Work that has not begun, by the key of its Application. */
  readonly waiting: Map<string, readonly Place[]>;
  /** The commit that the newest push for an Application named: work on an older one is superseded between two steps. */
  readonly newestPush: Map<string, NewestPush>;
  /** Of Applications in work: the commit of the newest push of which it was asked whether it changes anything for them. */
  readonly examined: Map<string, string>;
  /** Operations that this process carries out, by the key of their Application. */
  readonly running: Map<string, RunningOperation>;
  /** Names of alarms for work that could not be done → the pause before the next try. */
  readonly pauses: Map<string, Pause>;
  /** Applications that this process works on now. */
  readonly inWork: Set<string>;
  /** Watches that wait for an Application to become healthy; they end when it is brought to something else. */
  readonly healthWatches: Map<string, AbortController>;
  /** Until when an operation waits for everything to be healthy, by the key of its Application. */
  readonly healthLimits: Map<string, number>;
  /** Operations that this process has just put on their Applications: the version of that write. */
  readonly requested: Map<string, { readonly version: string; readonly atMs: number }>;
  /** How often an Application's health was looked at after its watch had ended. */
  readonly healthLooks: Map<string, number>;
  /** The list of Applications, as pushes wait for it. */
  readonly listing: Listing;
  /** What a push begins with, read after this call. */
  atHand(): Promise<AtHandForPush>;
  /** Looks, beside a push, for others that never arrived. */
  followPush(push: AnyPush): void;
  /** What was pushed in the last moments. */
  readonly recentPushes: RecentPushes;
  /** The record of pushes. */
  readonly deliveries: DeliveryStore;
  /** Who works on which Application. */
  readonly holdings: SharedHoldings;
  /** Keys of the recorded pushes that this process works on. */
  readonly deliveriesInWork: Set<string>;
  /** Pushes that are being answered now. */
  readonly answering: { count: number };
  /** Open records, by their keys, that this process answers for and does not work on: a cluster or a Git server was away. */
  readonly unfinished: Map<string, UnfinishedDelivery>;
  /** What notices of drift have told. */
  readonly drift: DriftMemory;
  /** Replicas that this process looks at, or takes over, now. */
  readonly takenOver: Set<string>;
  /** Aborted when the process is to end. */
  readonly stopping: AbortSignal;
  /** The road without the guard of one Application's work (guarded-road.ts); only such a one has it. */
  readonly unguarded?: Road;
  /** How long one call waits for hooks and health. */
  readonly waitMs: number;
}

/** The client of a destination. Throws `InvalidInput` for a cluster that is not known, and what keeps a known one from being reached. */
export function clientFor({ clusters }: Pick<Road, 'clusters'>, destination: Destination): KubeClient {
  return clusters.find(destination).client();
}

/** What counts where argocd-cm says nothing. */
export function defaultArgoKnowledge(): ArgoKnowledge {
  return { settings: parseArgoSettings({}), healthOf: resourceHealth, reported: new Set() };
}

export function createHomeClient(platform: Platform): KubeClient {
  return createKubeClient(platform.home, { fieldManager: FIELD_MANAGER });
}

/** The name of an Application's lock and intents. */
export function keyOfApplication({ metadata }: Pick<Application, 'metadata'>): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** What `keyOfApplication` has made a key of. */
export function metadataOfKey(key: string): {
  readonly metadata: { readonly namespace: string; readonly name: string };
} {
  const [namespace = '', name = ''] = key.split('/');
  return { metadata: { namespace, name } };
}

export function applicationRef(namespace: string, name: string) {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace, name };
}

/** RFC 3339 with seconds, as Kubernetes writes times. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
