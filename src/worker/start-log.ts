// What a Worker says when a life of its object begins: what it serves, what it reached, and what does not work for want of what. No
// request waits for that.

import { messageOf } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { createKubeClient } from '../kube/client.ts';
import { type ReachAdvice, reachCluster } from '../kube/reach-cluster.ts';
import { requireApplications } from '../operation/prepare-home.ts';
import { FIELD_MANAGER } from '../operation/road.ts';
import { SECRET_NAME, TOKEN_KEY } from '../operation/settings.ts';
import type { LogFields, Platform } from '../platform.ts';
import type { FarCache } from './far-cache.ts';

const ADVICE: ReachAdvice = {
  credentials: "this Worker's credentials",
  refused: 'is KUBE_TOKEN a token of this cluster, and not expired?',
  silent:
    'is it running, and is KUBE_SERVER its address? workerd trusts public authorities only; wrangler dev takes others from NODE_EXTRA_CA_CERTS',
  noApiServer: 'look at KUBE_SERVER',
};

interface Missing {
  readonly message: string;
  readonly hint: string;
}

/** `cache`: what the cache lies in beyond this life; `unknown`: variables that mean nothing. */
export function tellStart(
  platform: Platform,
  cache: FarCache['kind'] | undefined,
  unknown: readonly string[] = [],
): void {
  const { log, settings, home, background } = platform;
  const { namespace } = settings;
  const runtime = 'workerd';
  log.info('hawser serves', { cluster: home.server, namespace, runtime, cache: cache ?? 'memory', version: VERSION });
  if (settings.alongside) log.warn('only compares, beside an Argo CD (HAWSER_ALONGSIDE)', { namespace });
  if (settings.insecureWebhooks) {
    log.warn('webhooks without a configured secret are accepted (HAWSER_INSECURE_WEBHOOKS)');
  }
  for (const name of unknown) log.warn(`${name} is no variable that hawser knows`);
  for (const { message, hint } of missingIn(platform, cache)) log.warn(message, { hint });
  background(tellReached(platform));
}

function missingIn({ settings, assets }: Platform, cache: FarCache['kind'] | undefined): readonly Missing[] {
  const { token, externalURL, loopback } = settings;
  const found: readonly (Missing | false)[] = [
    !assets && {
      message: 'there is no web UI: nothing is bound as ASSETS',
      hint: 'node build-ui.js makes dist/ui, which [assets] of wrangler.toml names',
    },
    token === undefined && {
      message: `HAWSER_TOKEN is not set: a token with all rights is the key ${TOKEN_KEY} of the Secret ${SECRET_NAME} alone`,
      hint: 'npx wrangler secret put HAWSER_TOKEN, or a line of .dev.vars',
    },
    cache === undefined && {
      message: 'the cache is memory only: each life of this Worker fetches Git objects and charts anew',
      hint: 'bind an R2 bucket as CACHE',
    },
    // Nobody but this machine could follow its links.
    externalURL === undefined &&
      !loopback && {
        message:
          'HAWSER_EXTERNAL_URL is not set: deliveries that failed are not asked for again, and links have no host',
        hint: 'set it to the address at which people and Git servers reach this Worker',
      },
  ];
  return found.filter((one) => one !== false);
}

/** Never rejects. */
async function tellReached({ home, log, clock }: Platform): Promise<void> {
  const startedMs = clock.now();
  try {
    const version = await reachCluster(home, ADVICE);
    const fields: LogFields = { cluster: home.server, version, ms: clock.now() - startedMs };
    log.info('the cluster was reached', fields);
    await requireApplications(createKubeClient(home, { fieldManager: FIELD_MANAGER }));
  } catch (error) {
    const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
    log.warn('the cluster cannot be worked with', { cluster: home.server, reason: messageOf(error), hint });
  }
}
