// What the demo costs while nothing happens: CPU in 60 s, and memory.

import { startDemoProcess } from './demo.ts';
import type { Row } from './measure.ts';
import { cpuSeconds, residentMegabytes } from './process.ts';

const SETTLE_MS = 15_000;
const WINDOW_MS = 60_000;

export async function benchIdle(): Promise<readonly Row[]> {
  const demo = await startDemoProcess();
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const before = cpuSeconds(demo.pid);
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    const cpuMs = (cpuSeconds(demo.pid) - before) * 1000;
    const memory = residentMegabytes(demo.pid);
    return [
      { what: 'demo: CPU in 60 idle seconds', figure: `${cpuMs.toFixed(0)} ms`, goal: '≤ 20 ms', holds: cpuMs <= 20 },
      {
        what: 'demo: resident memory, sandbox inside',
        figure: `${memory.toFixed(0)} MB`,
        goal: '≤ 180 MB',
        holds: memory <= 180,
      },
    ];
  } finally {
    await demo.stop();
  }
}
