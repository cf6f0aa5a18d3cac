// What every page has: its headers; and the frame of those that need no script.

import type { MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Looks } from './shell.ts';
import { assetUrl } from './ui-files.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Scripts, styles and answers come from here alone; nothing that stands in the page itself is run; no other site shows it in a frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const withPageHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  context.header('content-security-policy', POLICY);
  context.header('x-content-type-options', 'nosniff');
  context.header('referrer-policy', 'same-origin');
};

export interface PageParts {
  readonly title: string;
  readonly looks: Looks;
  /** The name of a style sheet; without one, it is plain. */
  readonly style: string | undefined;
  readonly body: Html;
}

/** Without a script, and as whoever asks prefers it. */
export function page({ title, looks, style, body }: PageParts): Html {
  return html`<!doctype html>
<html lang="${looks.language}" ${looks.theme === 'system' ? '' : html`data-theme="${looks.theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${title} · hawser</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${style === undefined ? '' : html`<link rel="stylesheet" href="${assetUrl(style)}">`}
</head>
<body>
${body}
</body>
</html>`;
}
