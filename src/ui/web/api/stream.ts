// Streams of the API: one JSON object a line (src/api/stream.ts), read as they come.

import { type PlainInput, type RouteName, request } from './call.ts';
import { ApiError } from './error.ts';

/** The `result` of each message. Throws `ApiError` for what the server ends it with; ends when the server does. */
export async function* openStream<T>(name: RouteName, input: PlainInput): AsyncGenerator<T, void, undefined> {
  const response = await request(name, input);
  const { body } = response;
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.trim() === '') continue;
        const message = JSON.parse(line) as {
          readonly result?: T;
          readonly error?: { readonly http_code?: number; readonly message?: string };
        };
        if (message.error) {
          throw new ApiError({ status: message.error.http_code ?? 500, message: message.error.message ?? '' });
        }
        if (message.result !== undefined) yield message.result;
      }
    }
  } catch (error) {
    if (error instanceof ApiError || input.signal?.aborted) throw error;
    throw new ApiError({ status: 0, message: '', cause: error });
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
