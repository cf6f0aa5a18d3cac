// Sends a scenario's requests to one server and collects the masked answers.

import { mask } from './mask.ts';
import type { Scenario, Step } from './scenario.ts';

/** One server under test. */
export type Transport = (path: string, init: RequestInit) => Promise<Response>;

export interface Answer {
  readonly request: string;
  readonly status: number;
  readonly warnings?: readonly string[];
  readonly body: unknown;
}

const RETRY_MS = 50;
const RETRIES = 200;

/** A name that no other run of the scenarios on the same server has. */
export function newNamespace(topic: string): string {
  return `differential-${topic}-${Math.random().toString(36).slice(2, 8)}`;
}

/** The answers to all steps that are not silent, in a new namespace that is deleted afterwards. */
export async function runScenario(transport: Transport, scenario: Scenario, namespace: string): Promise<Answer[]> {
  await prepareNamespace(transport, namespace);
  const answers: Answer[] = [];
  try {
    for (const step of scenario.steps) {
      const answer = await runStep(transport, step, namespace);
      if (!step.silent) answers.push(answer);
    }
  } finally {
    const gone = await transport(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' });
    await gone.body?.cancel();
  }
  return answers;
}

/** Creates a namespace, and waits until Pods can be made in it. */
export async function prepareNamespace(transport: Transport, name: string): Promise<void> {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const created = await transport('/api/v1/namespaces', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  await created.body?.cancel();
  await runStep(transport, { method: 'GET', path: '/api/v1/namespaces/$NS/serviceaccounts/default', until: 200 }, name);
}

async function runStep(transport: Transport, step: Step, namespace: string): Promise<Answer> {
  const fill = (text: string) => text.replaceAll('$NS', namespace);
  const text = typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
  const headers: Record<string, string> = {
    'User-Agent': step.agent ?? 'tester/1.0',
    Accept: step.accept ?? 'application/json',
  };
  if (step.type) headers['Content-Type'] = step.type;
  const init: RequestInit = { method: step.method, headers, ...(text === undefined ? {} : { body: fill(text) }) };
  for (let attempt = 0; ; attempt++) {
    const response = await transport(fill(step.path), init);
    const body = await response.text();
    if (step.until !== undefined && response.status !== step.until && attempt < RETRIES) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      continue;
    }
    const warnings = response.headers.get('Warning');
    return {
      request: `${step.method} ${step.path}`,
      status: response.status,
      ...(warnings === null ? {} : { warnings: [String(mask(warnings, namespace))] }),
      body: mask(parse(body), namespace),
    };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Some answers are plain text.
    return text.trim();
  }
}
