// What `npm run dev` says at its start: what it reached, what is missing, and what to do about that, in the doctor's words.

import { formatError } from '../base/errors.ts';
import { SECRET_NAME } from '../operation/settings.ts';
import { checkCluster } from './doctor/cluster.ts';
import { checkDefinitions } from './doctor/definitions.ts';
import { checkDestinations } from './doctor/destinations.ts';
import { type Check, type Finding, fail, formatFinding, ok, warn } from './doctor/finding.ts';
import { checkNeighbours } from './doctor/neighbours.ts';

export type DevPlace = Parameters<Check>[0];

export interface DevFacts {
  /** Where the Worker answers on this machine. */
  readonly url: string;
  /** Where Git servers reach it, if they do. */
  readonly externalUrl?: string;
  readonly token: string;
  /** False: made for this run. */
  readonly isTokenGiven: boolean;
  readonly isAlongside: boolean;
  /** Where the Worker's storage is kept; not at all without it. */
  readonly storage?: string;
}

/** Writes findings as they come: a cluster may take its time. Never rejects for what a cluster answers. */
export async function reportDev(place: DevPlace, facts: DevFacts, write: (text: string) => void): Promise<void> {
  const tell = (findings: readonly Finding[]) => write(findings.map(inCheckout).map(formatFinding).join(''));
  const reached = await checkCluster(place);
  tell(reached);
  if (reached.every(({ level }) => level !== 'fail')) {
    const definitions = await checkDefinitions(place);
    tell([...definitions, ...(await checkNeighbours(place))].filter(isOfDev(facts)));
    if (definitions.every(({ what, level }) => level !== 'fail' || !what.endsWith(' Application'))) {
      tell(await countApplications(place));
    }
    tell(await checkDestinations(place));
  }
  tell(tellFacts(facts));
}

/**
 * The API server need not reach a developer's machine, the token is not the Secret's, and beside an Argo CD hawser may have been told to
 * stay.
 */
function isOfDev({ isAlongside }: DevFacts) {
  const others = ['admission notices', `Secret ${SECRET_NAME}`, ...(isAlongside ? ['Argo CD'] : [])];
  return ({ what }: Finding) => !others.includes(what);
}

async function countApplications({ client, namespace }: DevPlace): Promise<readonly Finding[]> {
  const what = `namespace ${namespace}`;
  try {
    const found = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    if (!found) {
      const advice = `kubectl create namespace ${namespace}, or --namespace names another`;
      return [fail(what, 'is not there', advice)];
    }
    const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
    const { length } = (await client.list(type, { namespace, metadataOnly: true })).items;
    if (length > 0) return [ok(what, length === 1 ? '1 Application' : `${length} Applications`)];
    return [warn(what, 'no Application', 'kubectl apply one, or hawser app create NAME --repo URL --path DIR …')];
  } catch (error) {
    return [fail(what, formatError(error), 'look at the rights: hawser doctor')];
  }
}

function tellFacts({ url, externalUrl, token, isTokenGiven, isAlongside, storage }: DevFacts): readonly Finding[] {
  return [
    ...(isAlongside ? [warn('Argo CD', 'beside one, hawser only compares (--alongside)')] : []),
    externalUrl === undefined
      ? ok('webhook address', `${url}/api/webhook, from this machine (--external-url names the way in from elsewhere)`)
      : ok('webhook address', `${externalUrl}/api/webhook`),
    ok('token', `${token}${isTokenGiven ? '' : ', for this run; HAWSER_TOKEN sets one'}`),
    ok('commands', `export HAWSER_SERVER=${url} HAWSER_TOKEN=${token}`),
    storage === undefined
      ? ok('storage', 'none: it ends with the sandbox')
      : ok('storage', `${storage}: what is begun is finished by the next start`),
  ];
}

/** As one starts hawser in a checkout, where npm's own words must not get into a pipe. */
function inCheckout(finding: Finding): Finding {
  const { advice } = finding;
  if (advice === undefined) return finding;
  const shown = advice
    .replaceAll('hawser serve --alongside', 'npm run dev -- --alongside')
    .replaceAll(/\bhawser (?=(?:install|repo|cluster|app|doctor|deliveries)\b)/g, 'npm run --silent hawser -- ');
  return { ...finding, advice: shown };
}
