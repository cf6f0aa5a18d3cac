// This machine and the server: room on the disk, and whether hawser answers where it is said to.

import { messageOf } from '../../base/errors.ts';
import { type Check, type DoctorPlace, type Finding, fail, ok, warn } from './finding.ts';

const MIB = 1 << 20;
const LITTLE_MIB = 100;
const SERVER_MS = 10_000;

export const checkMachine: Check = async (place) => [...(await checkDisk(place)), ...(await checkServer(place))];

async function checkDisk({ dataFolder, freeBytes }: DoctorPlace): Promise<readonly Finding[]> {
  try {
    const free = await freeBytes(dataFolder);
    if (free === undefined) return [ok('disk', `${dataFolder} is not there: no server keeps its data on this machine`)];
    const mebibytes = Math.floor(free / MIB);
    if (mebibytes >= LITTLE_MIB) return [ok('disk', `${mebibytes} MiB are free in ${dataFolder}`)];
    return [
      fail(
        'disk',
        `${mebibytes} MiB are free in ${dataFolder}: pushes may not be recorded`,
        'make room there, or choose another folder with --data',
      ),
    ];
  } catch (error) {
    return [fail('disk', messageOf(error), 'choose a folder that can be written with --data')];
  }
}

async function checkServer({ server, fetch }: DoctorPlace): Promise<readonly Finding[]> {
  if (server === undefined) {
    return [
      warn('server', 'was not looked at', 'name its address, as Git servers know it, with --server or HAWSER_SERVER'),
    ];
  }
  try {
    const response = await fetch(
      `${server}/healthz`,
      { signal: AbortSignal.timeout(SERVER_MS), redirect: 'manual' },
      {},
    );
    const text = await response.text();
    if (response.ok && text === 'ok') return [ok('server', `${server} answers`)];
    return [
      fail(
        'server',
        `${server}/healthz answers ${response.status}, but not as hawser does`,
        'look at what listens there: the Service, the Ingress, a proxy',
      ),
    ];
  } catch (error) {
    return [
      fail(
        'server',
        `${server} does not answer: ${messageOf(error)}`,
        'start it with hawser serve, or look at kubectl logs deploy/hawser',
      ),
    ];
  }
}
