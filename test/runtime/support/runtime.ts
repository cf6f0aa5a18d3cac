// The runtime that a run of the contract suite is about: the same files are run in Node and in workerd, and none of them asks which it is.

import { inject } from 'vitest';
import type { ClusterTransport } from '../../../src/platform.ts';
import { startInNode } from './in-node.ts';
import { startInWorkerd } from './in-workerd.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Set by the projects of test/vitest.worker.config.ts. */
    runtime: RuntimeName;
  }
}

export type RuntimeName = 'Node' | 'workerd';

export interface LifeOptions {
  /** In this process; hawser reaches it as its runtime reaches clusters. */
  readonly cluster: ClusterTransport;
  /** Whatever a life keeps for the next one lies here. */
  readonly folder: string;
  readonly token: string;
  readonly namespace: string;
  readonly alongside?: boolean;
  readonly insecureWebhooks?: boolean;
  readonly externalUrl?: string;
  /** The API server will tell of writes. */
  readonly hasNotices?: boolean;
  /** What only a Worker is told (test/worker). */
  readonly variables?: Readonly<Record<string, string>>;
  /** A Worker's V8 can be asked. */
  readonly inspected?: boolean;
}

/** hawser, from a start of its process to the end of that. */
export interface Life {
  /** `http://127.0.0.1:54321` */
  readonly url: string;
  /** Where the API server tells of writes, where it does. */
  readonly noticeUrl?: string;
  /** Where V8 is asked, of a Worker that is inspected. */
  readonly inspectorUrl?: string;
  /** Lines of its log so far, JSON each. */
  logs(): readonly string[];
  /** As its operator ends it: what is being worked on is ended between two steps. */
  end(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** A hawser process of the runtime under test. */
export function startLife(options: LifeOptions): Promise<Life> {
  return inject('runtime') === 'Node' ? startInNode(options) : startInWorkerd(options);
}
