// What the server wrote into the page, so that it can be painted before anything is asked (src/ui/shell.ts).

export interface Start {
  /** Who looks; undefined for nobody. */
  readonly user?: { readonly name: string; readonly groups: readonly string[]; readonly kind: string };
  /** Where hawser's Applications are, unless they say otherwise. */
  readonly namespace: string;
  readonly version: string;
  readonly language: 'en' | 'ko';
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  readonly isRailPinned: boolean;
  /** Whether one can log in at all. */
  readonly canLogIn: boolean;
  readonly alongside: boolean;
  /** The address of the script that renders away from the page. */
  readonly renderWorker?: string;
}

function read(): Start {
  const text = document.querySelector<HTMLElement>('#app')?.dataset.start ?? '{}';
  return JSON.parse(text) as Start; // Written by shell.ts of the same build.
}

export const start: Start = read();
