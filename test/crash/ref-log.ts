// What a ref named and when, by the Git server's own log: a hook of the repository writes each change before and after it counts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Git calls it as `reference-transaction STATE` with `OLD NEW REF` lines. The time has nanoseconds. */
export const REF_LOG_HOOK = `#!/bin/sh
case "$1" in prepared | committed) ;; *) exit 0 ;; esac
now=$(date +%s%N)
while read -r old new ref; do
  if [ "$ref" = refs/heads/main ]; then echo "$now $1 $new" >> "$GIT_DIR/ref-log"; fi
done
exit 0
`;

/** A value that the ref had: not before `fromMs`, and not after `toMs`. */
export interface RefValue {
  readonly commit: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export function readRefLog(repository: string): readonly RefValue[] {
  const lines = readFileSync(join(repository, 'ref-log'), 'utf8').trim().split('\n');
  const changes: { commit: string; preparedMs: number; committedMs: number }[] = [];
  for (const line of lines) {
    const [time = '', state = '', commit = ''] = line.split(' ');
    const ms = Number(time) / 1e6;
    const last = changes.at(-1);
    if (state === 'prepared') changes.push({ commit, preparedMs: ms, committedMs: Number.POSITIVE_INFINITY });
    else if (last?.commit === commit) last.committedMs = ms;
  }
  return changes.map(({ commit, preparedMs }, index) => ({
    commit,
    fromMs: preparedMs,
    toMs: changes[index + 1]?.committedMs ?? Number.POSITIVE_INFINITY,
  }));
}

/** Whether the ref named the commit at an instant of the span. */
export function wasNamed(log: readonly RefValue[], commit: string, fromMs: number, toMs: number): boolean {
  return log.some((value) => value.commit === commit && value.fromMs <= toMs && value.toMs >= fromMs);
}
