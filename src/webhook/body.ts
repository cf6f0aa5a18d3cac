// Reads a webhook's body under a limit, while it streams; only a bounded number of large bodies at once.

import { HawserError } from '../base/errors.ts';

/** Bodies above this size count as large. */
const LARGE_BYTES = 1 << 20;

/** Slots for large bodies in this process, so that a flood of them cannot take its memory. */
export interface LargeBodies {
  tryEnter(): boolean;
  leave(): void;
}

export function createLargeBodies(limit: number): LargeBodies {
  let inside = 0;
  return {
    tryEnter: () => inside < limit && ++inside > 0,
    leave: () => {
      inside--;
    },
  };
}

/**
 * The whole body. Throws `TooLarge` as soon as more than `limitBytes` have come (or are announced), `Unavailable` when too many
 * large bodies are being read already.
 */
export async function readBody(
  request: Request,
  limitBytes: number,
  large: LargeBodies,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limitBytes) throw tooLarge(limitBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isLarge = false;
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array(0);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > limitBytes) throw tooLarge(limitBytes);
      if (!isLarge && size > LARGE_BYTES) {
        if (!large.tryEnter()) {
          throw new HawserError('Unavailable', 'too many large webhook payloads are being read', {
            hint: 'try again in a moment',
          });
        }
        isLarge = true;
      }
      chunks.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined); // The connection may be gone already; the first error is the one to tell.
    throw error;
  } finally {
    if (isLarge) large.leave();
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

function tooLarge(limitBytes: number): HawserError {
  return new HawserError('TooLarge', `payload must be valid JSON under ${Math.floor(limitBytes / (1 << 20))} MB`, {
    hint: 'webhook.maxPayloadSizeMB in argocd-cm raises the limit',
  });
}
