// fetch in workerd, which trusts public CAs only and knows neither client certificates nor proxies; the process that launched the Worker does.

import { HawserError } from '../base/errors.ts';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';
import { type FarBindings, openOutbound } from './outbound.ts';
import { plainFetch } from './plain-fetch.ts';

/** What each option is called in a repository's Secret or ConfigMap. */
const UNSUPPORTED: readonly [keyof ConnectionOptions, string][] = [
  ['ca', 'a CA of argocd-tls-certs-cm'],
  ['insecure', 'insecure'],
  ['clientCertificate', 'tlsClientCertData'],
];

/** The port's workerd adapter. Throws `Unsupported` for options that would have an effect on this request, and that nobody has for it. */
export function createConnectedFetch(environment: FarBindings = {}): ConnectedFetch {
  const outbound = openOutbound(environment);
  return async (url, init, options) => {
    const { host, protocol } = new URL(url);
    const isSecure = protocol === 'https:';
    const found =
      options.proxy !== undefined ? 'proxy' : isSecure ? UNSUPPORTED.find(([key]) => options[key])?.[1] : undefined;
    // Whom this machine trusts, and why it does not, is known there alone.
    if (outbound && (isSecure || found !== undefined)) return outbound({ url, options }, init);
    if (found === undefined) return plainFetch(url, init);
    throw new HawserError('Unsupported', `${host} is configured with ${found}, which workerd cannot do`, {
      hint: 'run hawser on Node for this repository, or reach it with a public certificate and without a proxy',
    });
  };
}
