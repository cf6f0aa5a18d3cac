// Alarms kept in the cluster: one CronJob of the minute of the earliest, moved, shared by processes, gone when there is none.

import { beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { ALARM_JOB, createAlarmJob, minuteAfter, outlivesProcess, scheduleOf } from '../../src/operation/alarm-job.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const NAMESPACE = 'argocd';
const MINUTE_MS = 60_000;
const NOW_MS = Date.UTC(2030, 0, 31, 23, 50);

let transport: SandboxTransport;
let client: KubeClient;
let clock: { ms: number };
let warnings: string[];

beforeEach(async () => {
  transport = connectSandbox();
  client = createKubeClient(transport, { fieldManager: 'test' });
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  clock = { ms: NOW_MS };
  warnings = [];
});

function processNamed(identity: string) {
  return createAlarmJob({
    home: createKubeClient(transport, { fieldManager: 'hawser' }),
    ...{ namespace: NAMESPACE, image: 'hawser:1', url: 'http://hawser.argocd.svc', identity },
    clock: { now: () => clock.ms },
    log: { info: () => undefined, warn: (message) => warnings.push(message), error: () => undefined },
  });
}

async function cronJob() {
  return client.get({ apiVersion: 'batch/v1', kind: 'CronJob', namespace: NAMESPACE, name: ALARM_JOB });
}

async function schedule(): Promise<unknown> {
  return at(await cronJob(), 'spec', 'schedule');
}

const writes = () => transport.requests.filter((line) => !line.startsWith('GET') && line.includes('cronjobs'));

describe('the CronJob of alarms', () => {
  it('asks hawser to wake up, in the first whole minute after the instant, in UTC', async () => {
    await processNamed('a').keep(NOW_MS + 10 * MINUTE_MS + 1);
    const job = await cronJob();
    expect(at(job, 'spec', 'schedule')).toBe('1 0 1 2 *');
    expect(at(job, 'spec', 'timeZone')).toBe('Etc/UTC');
    const pod = at(job, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
    expect(at(pod, 'containers', 0)).toMatchObject({ image: 'hawser:1', args: ['wake', 'http://hawser.argocd.svc'] });
    expect(at(pod, 'automountServiceAccountToken')).toBe(false);
    expect(at(pod, 'containers', 0, 'env', 0, 'valueFrom', 'secretKeyRef')).toEqual({
      name: 'argocd-secret',
      key: 'hawser.token',
    });
    expect(at(job, 'metadata', 'annotations', 'hawser.dev/about')).toMatch(/^Wakes hawser at the next instant/);
  });

  it('is moved to the earliest alarm, and deleted when there is none', async () => {
    const job = processNamed('a');
    await job.keep(NOW_MS + 30 * MINUTE_MS);
    await job.keep(NOW_MS + 5 * MINUTE_MS);
    expect(await schedule()).toBe('56 23 31 1 *');
    await job.keep(undefined);
    expect(await cronJob()).toBeUndefined();
  });

  it('costs no request where nothing changes, and one write for many changes at once', async () => {
    const job = processNamed('a');
    await job.keep(undefined);
    expect(transport.requests.filter((line) => line.includes('cronjobs'))).toEqual([]);
    await Promise.all([1, 2, 3, 4].map((minutes) => job.keep(NOW_MS + minutes * MINUTE_MS)));
    expect(writes()).toHaveLength(1);
    const before = transport.requests.length;
    await job.keep(NOW_MS + 4 * MINUTE_MS + 1_000);
    expect(transport.requests).toHaveLength(before);
    expect(await schedule()).toBe('55 23 31 1 *');
  });

  it('keeps what other processes wait for', async () => {
    const [a, b] = [processNamed('a'), processNamed('b')];
    await Promise.all([a.keep(NOW_MS + 9 * MINUTE_MS), b.keep(NOW_MS + 4 * MINUTE_MS)]);
    expect(await schedule()).toBe('55 23 31 1 *');
    await b.keep(undefined);
    expect(await schedule()).toBe('0 0 1 2 *');
    await a.keep(undefined);
    expect(await cronJob()).toBeUndefined();
  });

  it('comes at once for an instant that has passed and was seen to by nobody', async () => {
    await processNamed('dead').keep(NOW_MS + 2 * MINUTE_MS);
    clock.ms += 10 * MINUTE_MS;
    await processNamed('a').keep(NOW_MS + 60 * MINUTE_MS);
    expect(await schedule()).toBe('1 0 1 2 *');
  });

  it('forgets what has passed when everything has been looked at', async () => {
    await processNamed('dead').keep(NOW_MS + 2 * MINUTE_MS);
    await processNamed('dead, too').keep(NOW_MS + 20 * MINUTE_MS);
    clock.ms += 10 * MINUTE_MS;
    await processNamed('a').forgetDue();
    expect(await schedule()).toBe('11 0 1 2 *');
    clock.ms += 30 * MINUTE_MS;
    await processNamed('a').forgetDue();
    expect(await cronJob()).toBeUndefined();
  });

  it('is written by the next change where the cluster was away', async () => {
    const job = processNamed('a');
    transport.away = true;
    await job.keep(NOW_MS + 5 * MINUTE_MS);
    expect(warnings).toHaveLength(1);
    transport.away = false;
    await job.keep(NOW_MS + 5 * MINUTE_MS);
    expect(await schedule()).toBe('56 23 31 1 *');
  });

  it('is written anew where somebody has spoiled it', async () => {
    const job = processNamed('a');
    await job.keep(NOW_MS + 5 * MINUTE_MS);
    const ref = { apiVersion: 'batch/v1', kind: 'CronJob', namespace: NAMESPACE, name: ALARM_JOB };
    await client.patch(ref, { metadata: { annotations: { 'hawser.dev/alarms': '{no' } } }, { type: 'merge' });
    await job.keep(NOW_MS + 7 * MINUTE_MS);
    expect(await schedule()).toBe('58 23 31 1 *');
  });
});

describe('an instant', () => {
  it.each([
    { iso: '2030-02-28T23:59:50Z', schedule: '1 0 1 3 *' },
    { iso: '2032-02-28T23:59:50Z', schedule: '1 0 29 2 *' },
    { iso: '2030-12-31T23:58:40Z', schedule: '59 23 31 12 *' },
    { iso: '2030-06-01T10:00:00Z', schedule: '1 10 1 6 *' },
  ])('$iso has the schedule $schedule', ({ iso, schedule: expected }) => {
    expect(scheduleOf(minuteAfter(Date.parse(iso)))).toBe(expected);
  });
});

describe('an alarm', () => {
  it.each([
    { name: 'retry/argocd/dev', kept: true },
    { name: 'window/argocd/dev', kept: true },
    { name: 'continue/argocd/dev', kept: true },
    { name: 'heal/argocd/dev', kept: true },
    { name: 'resume', kept: true },
    { name: 'deliveries', kept: true },
    { name: 'health/argocd/dev', kept: false },
    { name: 'catch-up', kept: false },
    { name: 'lease/argocd/dev', kept: false },
  ])('$name outlives its process: $kept', ({ name, kept }) => {
    expect(outlivesProcess(name)).toBe(kept);
  });
});
