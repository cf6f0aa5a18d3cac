// The behaviours that an API server must show, one file each in test/behaviours, on the sandbox and on a real one.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { ClusterTransport } from '../../src/platform.ts';

export interface BehaviourCluster {
  /** There from the first hook or test on; every behaviour takes namespaces of its own on it. */
  readonly transport: ClusterTransport;
  /** The path of a kubeconfig for kubectl and other programs. */
  readonly kubeconfig: string;
  /** A namespace name that no other behaviour has. It is not made. */
  freshNamespace(prefix: string): string;
}

/** The default export of a file in test/behaviours: declares its tests. */
export type Behaviour = (cluster: BehaviourCluster) => void;

interface OpenCluster {
  readonly transport: ClusterTransport;
  readonly kubeconfig: string;
  close?(): Promise<void>;
}

const FOLDER = join(import.meta.dirname, '../behaviours');

/** The behaviours are cut into parts, so that files with one each run side by side: they wait most of their time. */
export interface Part {
  /** From 1 on. */
  readonly part: number;
  readonly of: number;
}

/**
 * Declares the tests of the behaviours of a part against the cluster that `open` starts once. HAWSER_BEHAVIOUR names some of them, with
 * commas.
 */
export async function describeBehaviours(
  title: string,
  { part, of }: Part,
  open: () => Promise<OpenCluster>,
): Promise<void> {
  const chosen = process.env.HAWSER_BEHAVIOUR?.split(',');
  const names = readdirSync(FOLDER)
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
    .filter((_, index) => index % of === part - 1)
    .filter((name) => chosen === undefined || chosen.includes(name));
  if (names.length === 0) {
    describe(`${title}: part ${part}`, () => it.skip('has none of HAWSER_BEHAVIOUR', () => undefined));
    return;
  }
  let opened: OpenCluster | undefined;
  let count = 0;
  const theCluster = () => {
    if (!opened) throw new Error('the cluster is there in hooks and tests only');
    return opened;
  };
  const cluster: BehaviourCluster = {
    get transport() {
      return theCluster().transport;
    },
    get kubeconfig() {
      return theCluster().kubeconfig;
    },
    freshNamespace: (prefix) => `${prefix}-${Date.now().toString(36)}-${count++}`,
  };
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(async () => opened?.close?.());
  for (const name of names) {
    const { default: behaviour } = (await import(join(FOLDER, `${name}.ts`))) as { default: Behaviour };
    describe(`${title}: ${name}`, () => behaviour(cluster));
  }
}
