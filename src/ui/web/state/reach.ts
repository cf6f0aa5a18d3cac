// What whoever looks may do at all: one question for everything, so that what would be refused everywhere is not offered. `may` of rights.ts
// asks about one thing.

import { signal } from '@preact/signals';
import { type Answer, call } from '../api/call.ts';

export type Reach = Answer<'GET /api/v1/session/rights'>['items'][number];

const known = signal<readonly Reach[] | undefined>(undefined);
let isAsked = false;

/** All of it; undefined until it is known. In a component, it renders anew when it comes. */
export function reach(): readonly Reach[] | undefined {
  if (!isAsked) ask();
  return known.value;
}

/** Everywhere, or in one project at least. Not until it is known. */
export function mayAnywhere(resource: string, action: string): boolean {
  const found = reach()?.find((one) => one.resource === resource && one.action === action);
  return found !== undefined && (found.everywhere || found.projects.length > 0);
}

/** The projects in which alone it may be done; undefined where it may be everywhere, or is not known. */
export function projectsWith(resource: string, action: string): readonly string[] | undefined {
  const found = reach()?.find((one) => one.resource === resource && one.action === action);
  return found && !found.everywhere ? found.projects : undefined;
}

async function ask(): Promise<void> {
  isAsked = true;
  try {
    known.value = (await call('GET /api/v1/session/rights')).items;
  } catch {
    // The next view asks again.
    isAsked = false;
  }
}
