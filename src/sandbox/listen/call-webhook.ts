// How a sandbox on Node calls admission webhooks: HTTPS that trusts what the webhook's registration says.

import { Agent, request } from 'node:https';
import type { CallWebhook } from '../admission/call.ts';

/** As many connections serve a burst of writes, as an API server's few do: a handshake for each would hold up all that this process does. */
const CONNECTIONS = 8;
/** Nothing stays open between writes. */
const IDLE_MS = 500;

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, timeout: IDLE_MS });

/** Rejects with Node's error. */
export const callWebhookByHttps: CallWebhook = (url, { method, headers, body, signal }, { ca }) =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, signal, agent, ...(ca !== undefined && { ca }) }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => resolve(new Response(Buffer.concat(chunks), { status: incoming.statusCode ?? 502 })));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
