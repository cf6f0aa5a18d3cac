// A write with webhooks in the middle. Writes run on the store in one piece; webhooks take time. So a write that comes to a question
// nobody has answered yet stops there with nothing written, the webhooks are asked, and it runs again from its beginning, on what is
// stored by then and with the same time and chance. It is written when every question that it comes to has its answer.

import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { Refusal, refuse } from '../http/status.ts';
import type { Admission, Attributes } from './attributes.ts';
import type { Caller } from './call.ts';
import { type WebhookType, webhooksOf } from './match.ts';
import { mutateByWebhooks, validateByWebhooks } from './webhooks.ts';

/** A write that is asked again so often is one that others always overtake. */
const MAX_QUESTIONS = 50;

/** Stops a write for a question; not an error that anybody sees. */
class Question extends Error {
  override readonly name = 'Question';
  readonly key: string;
  readonly type: WebhookType;
  readonly attributes: Attributes;

  constructor(key: string, type: WebhookType, attributes: Attributes) {
    super('a write waits for its webhooks');
    this.key = key;
    this.type = type;
    this.attributes = attributes;
  }
}

type Answer = { readonly object: KubeObject | undefined } | { readonly refusal: Refusal };

/** Runs a write that changes the store at its end, if at all. Throws Refusal. */
export async function writeWithWebhooks<T>(
  caller: Caller,
  write: (cluster: Cluster, admission: Admission | undefined) => T,
): Promise<T> {
  const { cluster } = caller;
  if (!hasWebhooks(cluster)) return write(cluster, undefined);
  const answers = new Map<string, Answer>();
  const admission = admissionFrom(answers);
  const rewind = createReplay(cluster);
  for (let asked = 0; asked < MAX_QUESTIONS; asked++) {
    try {
      return write(rewind(), admission);
    } catch (error) {
      if (!(error instanceof Question)) throw error;
      answers.set(error.key, await answer(error, caller));
    }
  }
  throw refuse(500, 'InternalError', 'Internal error occurred: the object changes faster than its webhooks answer');
}

function hasWebhooks(cluster: Cluster): boolean {
  return webhooksOf(cluster, 'mutating').length > 0 || webhooksOf(cluster, 'validating').length > 0;
}

function admissionFrom(answers: ReadonlyMap<string, Answer>): Admission {
  const find = (type: WebhookType, attributes: Attributes) => {
    const { operation, namespace, name, subresource, object, oldObject } = attributes;
    const key = JSON.stringify([type, operation, namespace, name, subresource, object ?? null, oldObject ?? null]);
    const found = answers.get(key);
    if (!found) throw new Question(key, type, { ...attributes, object: structuredClone(object) });
    if ('refusal' in found) throw found.refusal;
    return structuredClone(found.object);
  };
  return {
    mutate: (attributes) => find('mutating', attributes),
    validate: (attributes) => {
      find('validating', attributes);
    },
  };
}

async function answer({ type, attributes }: Question, caller: Caller): Promise<Answer> {
  try {
    if (type === 'mutating') return { object: await mutateByWebhooks(attributes, caller) };
    await validateByWebhooks(attributes, caller);
    return { object: undefined };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

/** The cluster with the time of the first run and the same random bytes in every run. */
function createReplay(cluster: Cluster): () => Cluster {
  const now = cluster.clock.now();
  const drawn: Uint8Array[] = [];
  return () => {
    let position = 0;
    return {
      ...cluster,
      clock: { now: () => now },
      random: (length) => {
        const known = drawn[position];
        const bytes = known?.length === length ? known : cluster.random(length);
        drawn[position++] = bytes;
        return bytes.slice();
      },
    };
  };
}
