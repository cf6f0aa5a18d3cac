// `hawser deliveries` and `hawser replay`: what they print, and against a running demo as a user types them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDeliveries, formatDelivery } from '../../src/cli/delivery-text.ts';
import { type DemoProcess, startDemoProcess } from '../support/demo-process.ts';
import { eventually, type Outcome, runHawser } from '../support/hawser-process.ts';

const DELIVERY = {
  deliveryId: '8806f213',
  provider: 'gitea',
  repository: 'https://git.test/team/charts.git',
  ref: 'refs/heads/release/1.2',
  before: '8b0afdd221fcaef0e042eb02b4bf10945f07bcc1',
  after: '1ff969aa79dca46961c24ff2beeafb6cdb35520a',
  pusher: 'kim',
  receivedAt: '2026-03-01T12:00:07.123Z',
  state: 'open',
  left: ['argocd/web'],
  reason: 'the cluster is away',
  notes: ['the Git server sent it once more'],
  counts: { sync: 1, unaffected: 1200 },
  omitted: 1100,
  otherRefs: [{ ref: 'refs/tags/v1', key: 'abc' }],
  applications: [{ name: 'web', verdict: 'sync', reason: 'automated sync to 1ff969a' }],
};

describe('what hawser deliveries prints', () => {
  it('has one line a delivery', () => {
    const other = { deliveryId: 'x', repository: 'oci://ghcr.io/team/chart' };
    expect(formatDeliveries([DELIVERY, other], false)).toBe(
      `TIME                  ID        PROVIDER  REPOSITORY   REF          STATE  VERDICTS
2026-03-01T12:00:07Z  8806f213  gitea     team/charts  release/1.2  open   sync 1, unaffected 1200
                      x                   team/chart                       -
`,
    );
  });

  it('says of one all that is known', () => {
    expect(formatDelivery(DELIVERY)).toBe(`Id:          8806f213
Received:    2026-03-01T12:00:07Z
Provider:    gitea
Repository:  https://git.test/team/charts.git
Ref:         refs/heads/release/1.2
Commits:     8b0afdd to 1ff969a
Pusher:      kim
State:       open
Verdicts:    sync 1, unaffected 1200
Left to do:  argocd/web

the cluster is away
the Git server sent it once more
It told of refs/tags/v1, too: hawser deliveries abc

APPLICATION  VERDICT  REASON
web          sync     automated sync to 1ff969a
… and 1100 more, whose verdicts the record has no room for
`);
  });
  it.each([
    ['0000000000000000000000000000000000000000', '1ff969a', '1ff969a, the first'],
    ['8b0afdd', '0000000000000000000000000000000000000000', '8b0afdd, deleted'],
    ['', '1ff969a', '1ff969a'],
  ])('says what a push from %s to %s was: %s', (before, after, said) => {
    expect(formatDelivery({ deliveryId: 'x', before, after })).toContain(`Commits:     ${said}\n`);
  });
});

describe('hawser deliveries and replay', () => {
  let demo: DemoProcess;

  beforeAll(async () => {
    demo = await startDemoProcess();
  }, 60_000);

  afterAll(async () => {
    await demo?.process.end();
    demo?.home.remove();
  });

  function hawser(...args: string[]): Promise<Outcome> {
    return runHawser(args, { env: demo.home.env });
  }

  it('show a push of a moment ago, and have it worked on again', { timeout: 60_000 }, async () => {
    await eventually('the first comparison', async () => {
      const { stdout } = await hawser('app', 'list');
      return stdout.match(/Synced|OutOfSync/g)?.length === 4 ? stdout : undefined;
    });
    await hawser('demo', 'edit', 'nginx-chart/values-dev.yaml', 'replicaCount=3');
    const table = await eventually('the push', async () => {
      const { stdout } = await hawser('deliveries');
      return / done +sync 1/.test(stdout) ? stdout : undefined;
    });
    const [header = '', line = ''] = table.split('\n');
    expect(header).toMatch(/^TIME +ID +PROVIDER +REPOSITORY +REF +STATE +VERDICTS$/);
    const id = line.split(/ +/)[1] ?? '';
    expect((await hawser('deliveries', id)).stdout).toMatch(/^dev-nginx +sync +automated sync to [0-9a-f]{7}$/m);
    expect(JSON.parse((await hawser('deliveries', '-o', 'json')).stdout)).toMatchObject([{ deliveryId: id }]);
    expect((await hawser('deliveries', '--app', 'nobody')).stdout.split('\n')).toHaveLength(2);

    const replayed = await hawser('replay', id);
    expect(replayed.code).toBe(0);
    expect(replayed.stdout).toMatch(new RegExp(`^${id}-replay-[0-9a-f]{8}: `));
    expect(replayed.stdout).toContain('dev-nginx: already deployed:');
  });

  it('say which delivery there is not, and which argument is missing', async () => {
    const unknown = await hawser('deliveries', 'nobody');
    expect({ code: unknown.code, stderr: unknown.stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('there is no delivery nobody (hawser deliveries lists the newest'),
    });
    expect((await hawser('replay')).code).toBe(2);
    expect((await hawser('deliveries', '--limit', 'all')).code).toBe(2);
  });
});
