// The session may end while a page is open: what was typed stays, and the page goes on when somebody is logged in again.

import { signal } from '@preact/signals';

/** The server has refused something because nobody is logged in any more. */
export const isSessionOver = signal(false);

/** Told to the page when there is a session again: streams that waited begin anew. */
export const SESSION_IS_BACK = 'hawser-session-is-back';

/** Asks the server; throws nothing. */
export async function lookForSession(): Promise<void> {
  try {
    const response = await fetch('/api/v1/session/userinfo');
    const { loggedIn } = (await response.json()) as { readonly loggedIn?: boolean };
    if (!loggedIn) return;
    isSessionOver.value = false;
    dispatchEvent(new Event(SESSION_IS_BACK));
  } catch {
    // It is asked again when somebody comes back to the page.
  }
}

/** The login, with the way back. */
export function loginAddress(): string {
  const { pathname, search, hash } = location;
  return `/login?return_url=${encodeURIComponent(`${pathname}${search}${hash}`)}`;
}
