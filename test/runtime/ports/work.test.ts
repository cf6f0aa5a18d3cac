// What goes on inside: locks, work in the background, its scope, its log, its numbers; chance, the name of the process and the UI's files.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../../src/node/listen.ts';
import { digestOf, patternBytes } from '../support/pattern.ts';
import { type LogLine, type PortHost, startPortHost } from '../support/port-host.ts';

const SOON = { timeout: 20_000 };

const ASSETS = {
  'manifest.json': new TextEncoder().encode('{}'),
  'app-12345678.js': new TextEncoder().encode('export const text = "ü";\n'),
  'picture.svg': patternBytes(100_000),
  'empty.css': new Uint8Array(0),
};

let host: PortHost;
let cluster: Listening;
beforeAll(async () => {
  cluster = await listen(() => Response.json({ kind: 'Status' }), { host: '127.0.0.1', port: 0 });
  host = await startPortHost({ home: { cluster: { server: cluster.url } }, assets: ASSETS });
});
afterAll(async () => {
  await host?.close();
  await cluster?.close();
});

/** The first line of the log with this message, once it is there. */
async function lineOf(message: string): Promise<LogLine> {
  const find = () => host.logs().find((line) => line.message === message);
  await expect.poll(find, SOON).toBeDefined();
  return find() ?? {};
}

describe('locks', () => {
  it('let work of one name run one after another, in order of arrival', async () => {
    const expected = Array.from({ length: 30 }, (_, index) => [`${index} begins`, `${index} ends`]);
    expect(await host.run('lockInTurn', 30)).toEqual(expected.flat());
  });

  it('let work of different names run beside each other', async () => {
    expect(await host.run('lockApart')).toEqual(['a has b', 'b is done']);
  });

  it('are free before the first and after the last work, and not while one runs or waits', async () => {
    expect(await host.run('lookAtLock')).toEqual([true, false, true, false, false, true]);
  });

  it('end with work that fails, which fails for its caller alone', async () => {
    expect(await host.run('failInLock')).toEqual({
      outcomes: [
        { error: { message: 'the work failed' } },
        { error: { message: 'it did not even begin' } },
        { value: 'the next one' },
      ],
      isFree: true,
    });
  });

  it('hold between requests', async () => {
    const holding = host.run('holdLock', 'requests');
    await expect.poll(() => host.run('isLockHeld', 'requests'), SOON).toBe(true);
    const entering = host.run('enterLock', 'requests');
    expect(await host.run('releaseLock', 'requests')).toBe(true);
    expect(await Promise.all([holding, entering])).toEqual(['held', 'after it']);
  });
});

describe('background work', () => {
  it('goes on after the answer, to its end', async () => {
    expect(await host.run('workInBackground', { note: 'done later', afterMs: 200 })).toBe(false);
    await expect.poll(() => host.run('readNotes'), SOON).toContain('done later');
  });

  it('that fails is told in the log, and harms nothing', async () => {
    await host.run('failInBackground', 'the work broke');
    const told = () =>
      host
        .logs()
        .filter(({ message }) => message === 'background work failed')
        .map(({ level, error }) => `${level}: ${error}`)
        .sort();
    await expect
      .poll(told, SOON)
      .toEqual(['error: the work broke as a text', 'error: the work broke at once', 'error: the work broke later']);
    expect(await host.run('workInBackground', { note: 'after a failure', afterMs: 1 })).toBe(false);
    await expect.poll(() => host.run('readNotes'), SOON).toContain('after a failure');
  });
});

describe('the scope of work', () => {
  it('goes along with all that the work waits for, and with nothing else', async () => {
    const stages = [
      'at once',
      'after a promise',
      'after a timer',
      'in a microtask',
      'after the journal',
      'after the cache',
      'in a lock',
      'in a stream',
      'after a request',
      'after a scope inside',
    ];
    const all = (work: string) => Object.fromEntries(stages.map((stage) => [stage, work]));
    expect(await host.run('followScope')).toEqual({ a: all('a'), b: all('b'), outside: 'none' });
  });

  it('is in the lines of the log', async () => {
    expect([await lineOf('the log of a'), await lineOf('the log of b')]).toMatchObject([{ work: 'a' }, { work: 'b' }]);
  });
});

describe('the log', () => {
  it.each(['info', 'warn', 'error'] as const)('writes a line of JSON for %s', async (level) => {
    const message = `a word of ${level}`;
    const fields = { text: 'ü "quoted"\nand on 🚢', number: 1.5, truth: false };
    await host.run('writeLog', { level, message, fields });
    const line = await lineOf(message);
    expect(line).toEqual({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), level, message, ...fields });
  });

  it('may leave out what only helps to find a fault', async () => {
    await host.run('writeLog', { level: 'debug', message: 'a word of debug' });
    await host.run('writeLog', { level: 'info', message: 'the word after it' });
    await lineOf('the word after it');
    const levels = host.logs().filter(({ message }) => message === 'a word of debug');
    for (const { level } of levels) expect(level).toBe('debug');
    expect(levels.length).toBeLessThanOrEqual(1);
  });

  it('leaves out fields that are undefined, and does without any', async () => {
    await host.run('writeLogWithoutField', 'one field');
    expect(await lineOf('one field')).toEqual({
      time: expect.any(String),
      level: 'info',
      message: 'one field',
      here: 'yes',
    });
    await host.run('writeLog', { level: 'info', message: 'no field' });
    expect(Object.keys(await lineOf('no field'))).toEqual(['time', 'level', 'message']);
  });

  it('keeps a long line whole, and a message of several lines in one', async () => {
    await host.run('writeLongLog', { message: 'long\nand more', length: 200_000 });
    expect(String((await lineOf('long\nand more')).text)).toHaveLength(200_000);
  });
});

describe('metrics', () => {
  it('are counted by name and labels', async () => {
    const name = 'hawser_cluster_reachable';
    const labels = { server: 'https://counted' };
    const [family] = (await host.run('countMetric', { name, labels })) ?? [];
    expect(family).toMatchObject({ name, type: 'gauge', help: expect.any(String) });
    expect(family?.samples).toContainEqual({ labels, value: 3 });
  });

  it('of the process have names, types and numbers, as far as the runtime tells them', async () => {
    for (const { name, type, samples } of await host.run('listProcessMetrics')) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
      expect(['counter', 'gauge', 'histogram']).toContain(type);
      for (const { value } of samples) expect(value).toBeTypeOf(type === 'histogram' ? 'object' : 'number');
    }
  });

  it('count what was asked of the cluster, by what was answered', async () => {
    await host.run('ask', { target: { to: 'home' }, path: '/echo' });
    const answered = (await host.run('listMetric', 'argocd_app_k8s_request_total')).map(({ labels }) => labels);
    expect(answered).toContainEqual(expect.objectContaining({ response_code: '200' }));
  });
});

describe('chance', () => {
  it.each([
    [0, 0],
    [1, 1],
    [32, 16],
    [200_000, 256],
  ])('gives %i bytes, new each time', async (length, values) => {
    const drawn = await host.run('drawRandom', length);
    expect(drawn).toMatchObject({ isBytes: true, length });
    expect(drawn.values).toBeGreaterThanOrEqual(values);
    if (length >= 32) expect(drawn.isNew).toBe(true);
  });
});

describe("the UI's files", () => {
  it.each(Object.entries(ASSETS))('are given as they are: %s', async (name, bytes) => {
    expect(await host.run('readAsset', name)).toEqual({ length: bytes.length, digest: await digestOf(bytes) });
  });

  it.each(['app-87654321.js', 'missing', 'app-12345678.js.map', 'app-12345678.js/x', 'folder/app.js'])(
    'are undefined where there is none: %s',
    async (name) => {
      expect(await host.run('readAsset', name)).toBeNull();
    },
  );
});

describe('the name of the process', () => {
  it('is one of letters, digits and dashes, and the same in each of its lives', async () => {
    const name = await host.run('readIdentity');
    expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    await host.restart();
    expect(await host.run('readIdentity')).toBe(name);
  });
});
