// The log of one Pod's container, line by line, as the API server passes it on.

import { formatError } from '../../base/errors.ts';
import type { KubeClient } from '../../kube/client.ts';
import { pathStep } from '../../kube/resource.ts';
import { type LogLine, parseMoment } from './log-line.ts';

export interface PodLogOptions {
  readonly container?: string;
  readonly sinceSeconds?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
  readonly tailLines?: number;
  readonly follow?: boolean;
  readonly previous?: boolean;
}

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** A line without an end is passed on in pieces of this size. */
const LONGEST_LINE = 1 << 20;

/** Never throws: why there is no log is a line, too. Ends quietly by the signal. */
export async function* readPodLog(
  client: KubeClient,
  pod: PodName,
  options: PodLogOptions,
  signal: AbortSignal,
): AsyncGenerator<LogLine, void, undefined> {
  const podName = pod.name;
  try {
    const response = await client.request(pathOf(pod, options), {}, { signal });
    for await (const line of readLines(response)) {
      const space = line.indexOf(' ');
      const at = parseMoment(space < 0 ? line : line.slice(0, space));
      const text = at ? (space < 0 ? '' : line.slice(space + 1)) : line;
      // Progress bars overwrite themselves.
      for (const part of text.split('\r')) yield { text: part, podName, at };
    }
  } catch (error) {
    if (!signal.aborted) yield { text: formatError(error), podName, at: undefined };
  }
}

function pathOf({ namespace, name }: PodName, options: PodLogOptions): string {
  const { container, sinceSeconds, sinceTime, tailLines, follow, previous } = options;
  const query = new URLSearchParams({
    timestamps: 'true',
    ...(container && { container }),
    ...(sinceSeconds !== undefined && { sinceSeconds: String(sinceSeconds) }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(tailLines !== undefined && { tailLines: String(tailLines) }),
    ...(follow && { follow: 'true' }),
    ...(previous && { previous: 'true' }),
  });
  return `/api/v1/namespaces/${pathStep(namespace)}/pods/${pathStep(name)}/log?${query}`;
}

async function* readLines(response: Response): AsyncGenerator<string, void, undefined> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield line.replace(/\r$/, '');
      if (done || rest.length > LONGEST_LINE) {
        if (rest !== '') yield rest;
        rest = '';
      }
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => undefined); // The connection may be gone already.
  }
}
