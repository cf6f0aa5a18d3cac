// The one document of the UI: what is painted first, and what the script begins with. It is written for whoever asks, as they prefer it, so
// that nothing jumps when the script comes.

import { html } from 'hono/html';
import { parse } from 'hono/utils/cookie';
import { LIST_ADDRESS } from './first-list.ts';
import type { Html } from './page.ts';
import { assetUrl, type UiManifest } from './ui-files.ts';

/** As src/ui/web/state/start.ts reads it. */
export interface Start {
  readonly user?: { readonly name: string; readonly groups: readonly string[]; readonly kind: string };
  readonly namespace: string;
  readonly version: string;
  readonly canLogIn: boolean;
  readonly alongside: boolean;
}

export interface Looks {
  readonly language: 'en' | 'ko';
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  readonly isRailPinned: boolean;
}

/** From the cookies of earlier choices; the language, without one, from what the browser prefers. */
export function looksOf(request: Request): Looks {
  const cookies = parse(request.headers.get('cookie') ?? '');
  const theme = cookies['hawser.theme'];
  return {
    language: languageOf(cookies['hawser.language'], request.headers.get('accept-language') ?? ''),
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: cookies['hawser.density'] === 'compact' ? 'compact' : 'comfortable',
    isRailPinned: cookies['hawser.rail'] === 'true',
  };
}

function languageOf(chosen: string | undefined, accepted: string): Looks['language'] {
  if (chosen === 'en' || chosen === 'ko') return chosen;
  // In the order of the header, which browsers write by preference.
  const first = accepted
    .split(',')
    .map((entry) => entry.trim().slice(0, 2).toLowerCase())
    .find((code) => code === 'en' || code === 'ko');
  return first === 'ko' ? 'ko' : 'en';
}

/** `isList`: the page shows all Applications, which are asked for while the script loads. */
export function shell(manifest: UiManifest, start: Start, looks: Looks, isList: boolean): Html {
  const { script, style, preload, renderWorker } = manifest;
  const data = JSON.stringify({
    ...start,
    ...looks,
    ...(renderWorker !== undefined && { renderWorker: assetUrl(renderWorker) }),
  });
  return html`<!doctype html>
<html lang="${looks.language}" ${looks.theme === 'system' ? '' : html`data-theme="${looks.theme}"`} data-density="${looks.density}" data-rail="${looks.isRailPinned ? 'pinned' : 'small'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>hawser</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assetUrl(style)}">
${preload.map((name) => html`<link rel="modulepreload" href="${assetUrl(name)}">`)}
${isList ? html`<link rel="preload" as="fetch" href="${LIST_ADDRESS}" crossorigin="anonymous">` : ''}
<script type="module" src="${assetUrl(script)}"></script>
</head>
<body>
<div id="app" data-start="${data}"></div>
<noscript>hawser’s pages need JavaScript. Without it: <code>hawser app list</code>.</noscript>
</body>
</html>`;
}
