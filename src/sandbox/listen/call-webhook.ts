// How a sandbox on Node calls admission webhooks: HTTPS that trusts what the webhook's registration says.

import { request } from 'node:https';
import type { CallWebhook } from '../admission/call.ts';

/** Each call opens a connection and closes it, so that nothing stays open between writes. Rejects with Node's error. */
export const callWebhookByHttps: CallWebhook = (url, { method, headers, body, signal }, { ca }) =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method, headers, signal, agent: false, ...(ca !== undefined && { ca }) },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => resolve(new Response(Buffer.concat(chunks), { status: incoming.statusCode ?? 502 })));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
