// What whoever looks may do: asked once for each right, so that what one may not is not offered.

import { type Signal, signal } from '@preact/signals';
import { call } from '../api/call.ts';

const answers = new Map<string, Signal<boolean | undefined>>();

/**
 * Whether one may do `action` with `object` (`default/guestbook`, `*`); undefined until that is known. The server decides again when it is
 * done. In a component, it renders anew when the answer comes.
 */
export function may(resource: string, action: string, object: string): boolean | undefined {
  const key = `${resource} ${action} ${object}`;
  let answer = answers.get(key);
  if (!answer) {
    answer = signal<boolean | undefined>(undefined);
    answers.set(key, answer);
    ask(answer, resource, action, object);
  }
  return answer.value;
}

async function ask(answer: Signal<boolean | undefined>, resource: string, action: string, object: string) {
  try {
    const { value } = await call('GET /api/v1/account/can-i/{resource}/{action}/{subresource}', {
      params: { resource, action, subresource: object },
    });
    answer.value = value === 'yes';
  } catch {
    // Offered, then: the server says what it thinks of it.
    answer.value = true;
  }
}
