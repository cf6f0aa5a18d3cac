// What hawser's app needs of a platform, for tests that put one together themselves.

import type { AccountPlatform } from '../../src/account/accounts.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { createUiAssets } from '../../src/node/ui-assets.ts';
import type { Platform, Settings } from '../../src/platform.ts';
import { NAMESPACE, TOKEN } from './ground.ts';

const silent = () => undefined;

/** Built when a page is asked for, once a file of tests. */
const assets = createUiAssets();

/** Without a log; it listens on loopback, and knows the token of grounds, where nothing else is said. */
export function appPlatform(
  settings: Partial<Settings> = {},
  more: Partial<AccountPlatform> = {},
): AccountPlatform & Pick<Platform, 'assets'> {
  return {
    settings: { namespace: NAMESPACE, loopback: true, insecureWebhooks: false, token: TOKEN, ...settings },
    clock: { now: () => Date.now() },
    log: { info: silent, warn: silent, error: silent },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    fetch: createConnectedFetch({}),
    assets,
    ...more,
  };
}
