// The kubectl that figures are compared with: .ci/peers.sh's, or the one that HAWSER_BENCH_KUBECTL names.

import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { stringAt } from '../src/base/json.ts';
import { findPeer } from '../test/support/peers.ts';

export interface Kubectl {
  readonly version: string;
  /** Runs to its end; the milliseconds that took. */
  time(kubeconfig: string, args: readonly string[]): Promise<number>;
}

/** A binary, not a dispatcher that starts another one. */
export function findKubectl(): Kubectl | undefined {
  const path = process.env.HAWSER_BENCH_KUBECTL || findPeer('kubectl');
  if (!path) return undefined;
  const known: unknown = JSON.parse(execFileSync(path, ['version', '--client', '-o', 'json']).toString());
  return {
    version: stringAt(known, 'clientVersion', 'gitVersion') ?? '',
    time: async (kubeconfig, args) => {
      const options = { env: { ...process.env, KUBECONFIG: kubeconfig }, maxBuffer: 1 << 26 };
      const begin = performance.now();
      await promisify(execFile)(path, args, options);
      return performance.now() - begin;
    },
  };
}
