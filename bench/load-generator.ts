// What sends the load, in a process of its own: `node bench/load-generator.ts JSON` runs one kind of sender for a time and prints what it saw.

import { spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { isObject, stringAt } from '../src/base/json.ts';
import { type Summary, summarise } from './measure.ts';
import { childCpuSeconds } from './process.ts';

export interface LoadTask {
  /**
   * `signed`: deliveries at a rate, to repositories in turn, whose refs move once a second. `large`: the large chart's repository, as soon as
   * the last answer is there. `unsigned`: bodies without a signature, at a rate. `slow`: connections that send a byte a second.
   * `huge`: connections that send bodies of 100 MB, with and without saying so first.
   */
  readonly kind: 'signed' | 'large' | 'unsigned' | 'slow' | 'huge';
  readonly url: string;
  readonly gitUrl: string;
  readonly repositories: readonly string[];
  readonly secret: string;
  readonly seconds: number;
  /** Deliveries a second, or connections at once. */
  readonly rate: number;
}

export interface LoadResult {
  readonly sent: number;
  /** By status, or by what went wrong. */
  readonly answers: Readonly<Record<string, number>>;
  /** From the first byte sent to the end of the answer, for those that were answered. */
  readonly ms: Summary & { readonly p99: number };
  readonly verdicts: Readonly<Record<string, number>>;
  /** By how much the sender itself was late at most. */
  readonly lagMs: number;
  /** Ids of all deliveries that were answered with 202. */
  readonly taken: number;
}

const HUGE_BYTES = 100_000_000;
/** Few enough to be taken, if they ever came. */
const SLOW_BYTES = 500_000;
const CHUNK = Buffer.alloc(65_536, 'a');
const ANSWER_TIMEOUT_MS = 10_000;

/** Runs the task in a process; its CPU is told apart from everybody else's. */
export async function runLoad(task: LoadTask): Promise<LoadResult & { readonly cpuSeconds: number }> {
  const before = childCpuSeconds();
  const child = spawn(process.execPath, [import.meta.filename, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the generator ended with ${code}`);
  return { ...(JSON.parse(output) as LoadResult), cpuSeconds: childCpuSeconds() - before };
}

type Seen = ReturnType<typeof createSeen>;

function createSeen() {
  const times: number[] = [];
  const answers: Record<string, number> = {};
  const verdicts: Record<string, number> = {};
  let sent = 0;
  let lagMs = 0;
  return {
    send: () => {
      sent++;
    },
    lag: (ms: number) => {
      lagMs = Math.max(lagMs, ms);
    },
    answer: (what: string, ms: number | undefined, text = '') => {
      answers[what] = (answers[what] ?? 0) + 1;
      if (ms !== undefined) times.push(ms);
      for (const [, verdict = ''] of text.matchAll(/"verdict":"([^"]*)"/g)) {
        verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      }
    },
    result: (): LoadResult => {
      const sorted = times.toSorted((a, b) => a - b);
      const p99 = sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN;
      return { sent, answers, ms: { ...summarise(times), p99 }, verdicts, lagMs, taken: answers['202'] ?? 0 };
    },
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

interface Posted {
  readonly status: number;
  readonly text: string;
}

function post(url: string, headers: Record<string, string>, body: string): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${url}/api/webhook`, { method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    outgoing.setTimeout(ANSWER_TIMEOUT_MS, () => outgoing.destroy(new Error('Timeout')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function deliver(task: LoadTask, seen: Seen, headers: Record<string, string>, body: string): Promise<void> {
  seen.send();
  const begin = performance.now();
  try {
    const { status, text } = await post(task.url, headers, body);
    seen.answer(String(status), performance.now() - begin, text);
  } catch (error) {
    seen.answer(error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : 'error', undefined);
  }
}

interface Moved {
  readonly before: string;
  readonly after: string;
}

async function commit(task: LoadTask, repository: string): Promise<Moved> {
  const response = await fetch(`${task.gitUrl}/bench/commit?${repository}`, { method: 'POST' });
  const moved: unknown = await response.json();
  const [before, after] = [stringAt(moved, 'before'), stringAt(moved, 'after')];
  if (!isObject(moved) || !before || !after) throw new Error(`the repository ${repository} took no commit`);
  return { before, after };
}

function signed(task: LoadTask, repository: string, { before, after }: Moved) {
  const address = `${task.gitUrl}/${repository}`;
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    before,
    after,
    commits: [],
    repository: { name: repository, html_url: address, clone_url: `${address}.git`, default_branch: 'main' },
    pusher: { login: 'kim' },
  });
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'x-gogs-event': 'push',
    'x-gogs-delivery': randomUUID(),
    'x-gogs-signature': createHmac('sha256', task.secret).update(body).digest('hex'),
  };
  return { body, headers };
}

/** Calls at the rate, whether or not the calls before have ended. */
async function atRate(task: LoadTask, seen: Seen, call: (index: number) => Promise<void>): Promise<void> {
  const calls: Promise<void>[] = [];
  const begin = performance.now();
  for (let index = 0; index < task.rate * task.seconds; index++) {
    const dueMs = (index / task.rate) * 1_000;
    const early = begin + dueMs - performance.now();
    if (early > 1) await delay(early);
    else seen.lag(-early);
    calls.push(call(index));
  }
  await Promise.all(calls);
}

const SENDERS = {
  signed: async (task: LoadTask, seen: Seen) => {
    const moved = new Map<string, Moved>();
    for (const name of task.repositories) moved.set(name, await commit(task, name));
    const end = performance.now() + task.seconds * 1_000;
    const committing = (async () => {
      for (let turn = 0; performance.now() < end; turn++) {
        const name = task.repositories[turn % task.repositories.length] ?? '';
        moved.set(name, await commit(task, name));
        await delay(1_000 / task.repositories.length);
      }
    })();
    await atRate(task, seen, (index) => {
      const name = task.repositories[index % task.repositories.length] ?? '';
      const { headers, body } = signed(task, name, moved.get(name) ?? { before: '', after: '' });
      return deliver(task, seen, headers, body);
    });
    await committing;
    // The last commit of each is told, too.
    for (const [name, last] of moved) {
      const { headers, body } = signed(task, name, last);
      await deliver(task, seen, headers, body);
    }
  },
  large: async (task: LoadTask, seen: Seen) => {
    const end = performance.now() + task.seconds * 1_000;
    while (performance.now() < end) {
      for (const name of task.repositories) {
        const { headers, body } = signed(task, name, await commit(task, name));
        await deliver(task, seen, headers, body);
      }
      await delay(100);
    }
  },
  unsigned: (task: LoadTask, seen: Seen) => {
    const [name = ''] = task.repositories;
    const zero = '0'.repeat(40);
    return atRate(task, seen, (index) => {
      const { headers, body } = signed(task, name, { before: zero, after: zero });
      const { 'x-gogs-signature': signature, ...bare } = headers;
      const forged = signature.startsWith('0') ? `1${signature.slice(1)}` : `0${signature.slice(1)}`;
      return deliver(task, seen, index % 2 === 0 ? bare : { ...bare, 'x-gogs-signature': forged }, body);
    });
  },
  slow: (task: LoadTask, seen: Seen) =>
    untilOver(task, seen, (outgoing) => {
      const timer = setInterval(() => outgoing.write('a'), 1_000);
      outgoing.on('close', () => clearInterval(timer));
    }),
  huge: (task: LoadTask, seen: Seen) =>
    untilOver(task, seen, (outgoing) => {
      let left = HUGE_BYTES;
      const more = () => {
        while (left > 0 && !outgoing.destroyed) {
          left -= CHUNK.length;
          if (!outgoing.write(CHUNK)) {
            outgoing.once('drain', more);
            return;
          }
        }
        outgoing.end();
      };
      more();
    }),
} satisfies Record<LoadTask['kind'], (task: LoadTask, seen: Seen) => Promise<void>>;

type Outgoing = ReturnType<typeof httpRequest>;

/** As many connections as asked for, each opened again when it has ended. */
async function untilOver(task: LoadTask, seen: Seen, write: (outgoing: Outgoing) => void): Promise<void> {
  const end = performance.now() + task.seconds * 1_000;
  const open = new Set<Outgoing>();
  const one = async (place: number) => {
    while (performance.now() < end) {
      seen.send();
      const begin = performance.now();
      const what = await new Promise<string>((resolve) => {
        const outgoing = httpRequest(`${task.url}/api/webhook`, {
          method: 'POST',
          agent: false,
          headers: {
            'content-type': 'application/json',
            'x-gogs-event': 'push',
            'x-gogs-delivery': randomUUID(),
            'x-gogs-signature': '0'.repeat(64),
            // Every other one does not say how much comes.
            ...(place % 2 === 0 && { 'content-length': String(task.kind === 'huge' ? HUGE_BYTES : SLOW_BYTES) }),
          },
        });
        open.add(outgoing);
        outgoing.on('response', (response) => {
          response.resume();
          resolve(String(response.statusCode));
          outgoing.destroy();
        });
        outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        outgoing.on('close', () => {
          open.delete(outgoing);
          resolve('closed');
        });
        write(outgoing);
      });
      seen.answer(what, performance.now() - begin);
      await delay(20);
    }
  };
  const all = Array.from({ length: task.rate }, (_, place) => one(place));
  await delay(end - performance.now());
  for (const outgoing of open) outgoing.destroy();
  await Promise.all(all);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

if (import.meta.main) {
  const task = JSON.parse(process.argv[2] ?? '{}') as LoadTask;
  const seen = createSeen();
  await SENDERS[task.kind](task, seen);
  process.stdout.write(JSON.stringify(seen.result()));
  process.exit(0);
}
