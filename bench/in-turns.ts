// Whole processes that do the same work, run in turns: their times, their CPU and the memory that they held.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatMs, type Summary, summarise } from './measure.ts';
import { childCpuSeconds, peakMegabytes } from './process.ts';

export interface Program {
  readonly name: string;
  readonly command: readonly string[];
}

export interface Measured {
  readonly wall: Summary;
  /** User and system time of a run, the mean of all. */
  readonly cpuMs: number;
  /** At the peak, the median of some runs. */
  readonly megabytes: number | undefined;
}

export interface Turns {
  readonly rounds: number;
  /** Before anything is measured: they fill the cache of compiled code. */
  readonly warmUpRounds: number;
  readonly memoryRounds: number;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A checkout's bin/hawser.js runs the sources; beside dist/ alone, as in a package (made in `folder`), it runs the bundle. */
export function ourPrograms(folder: string): readonly Program[] {
  const root = resolve(import.meta.dirname, '..');
  const isBuilt = existsSync(join(root, 'dist/hawser.js'));
  for (const name of isBuilt ? ['bin', 'dist', 'package.json'] : []) {
    cpSync(join(root, name), join(folder, 'package', name), { recursive: true });
  }
  const start = (name: string, from: string): Program => ({
    name,
    command: [process.execPath, join(from, 'bin/hawser.js')],
  });
  return [...(isBuilt ? [start('bundle', join(folder, 'package'))] : []), start('sources', root)];
}

/** Throws where one of them fails. */
export function measureInTurns(programs: readonly Program[], turns: Turns): ReadonlyMap<Program, Measured> {
  const { rounds, warmUpRounds, memoryRounds, ...options } = turns;
  const run = ({ command: [program = '', ...args] }: Program) => {
    const { status, stderr } = spawnSync(program, args, { ...options, maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  };
  for (const program of programs) for (let round = 0; round < warmUpRounds; round++) run(program);
  const samples = programs.map((program) => ({ program, walls: [] as number[], cpuSeconds: 0 }));
  for (let round = 0; round < rounds; round++) {
    for (const sample of samples) {
      const [cpuBefore, begin] = [childCpuSeconds(), performance.now()];
      run(sample.program);
      sample.walls.push(performance.now() - begin);
      sample.cpuSeconds += childCpuSeconds() - cpuBefore;
    }
  }
  return new Map(
    samples.map(({ program, walls, cpuSeconds }) => [
      program,
      {
        wall: summarise(walls),
        cpuMs: (1000 * cpuSeconds) / rounds,
        megabytes: medianPeak(program.command, memoryRounds, turns),
      },
    ]),
  );
}

function medianPeak(command: readonly string[], rounds: number, { env, cwd }: Turns): number | undefined {
  const peaks = Array.from({ length: rounds }, () => peakMegabytes(command, env, cwd));
  const known = peaks.filter((peak) => peak !== undefined);
  return known.length === 0 ? undefined : summarise(known).median;
}

export function formatProcess({ wall, cpuMs, megabytes }: Measured): string {
  return `${formatMs(wall)}, CPU ${cpuMs.toFixed(0)} ms, ${megabytes?.toFixed(0) ?? '?'} MB`;
}
