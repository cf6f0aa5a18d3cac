// What was typed and not yet saved, kept with the tab: a page that is loaded anew loses nothing. Each user has what is theirs, and a logout
// takes it all away: it may hold what others are not to read.

import { start } from './start.ts';

const PREFIX = 'hawser.';

/** undefined where nothing is kept. */
export function readTab(key: string): string | undefined {
  try {
    return sessionStorage.getItem(nameOf(key)) ?? undefined;
  } catch {
    return undefined; // The browser keeps nothing for this page.
  }
}

/** `text`: undefined to forget it. What has no room in the tab is in the page alone. */
export function keepInTab(key: string, text: string | undefined): void {
  try {
    // An older one would come back as if it were the newest.
    sessionStorage.removeItem(nameOf(key));
    if (text !== undefined) sessionStorage.setItem(nameOf(key), text);
  } catch {
    // See above.
  }
}

/** When the page is really left: somebody may choose to stay and go on typing. */
export function forgetTabOnLeaving(): void {
  addEventListener(
    'pagehide',
    () => {
      for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
    },
    { once: true },
  );
}

function nameOf(key: string): string {
  return `${PREFIX}${key} ${start.user?.name ?? ''}`;
}
