// What every page has: its head, who is logged in, and the way out.

import type { MiddlewareHandler } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Principal } from '../account/principal.ts';
import { STYLE } from './style.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** There are no scripts, and no other site shows these pages in a frame of its own. */
export const withPageHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  context.header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  context.header('x-content-type-options', 'nosniff');
  context.header('referrer-policy', 'same-origin');
};

/** `who`: undefined where that is not known, or not asked. */
export function page(title: string, body: Html, who?: Principal): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · hawser</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header><a class="brand" href="/">hawser</a><nav aria-label="Breadcrumb"><a href="/">Applications</a>${title === 'Applications' ? '' : html` / ${title}`}</nav>${who ? session(who) : ''}</header>
<main>${body}</main>
</body>
</html>`;
}

function session({ kind, name }: Principal): Html {
  if (kind === 'anonymous') return html`<span class="who"><a href="/login">Log in</a></span>`;
  return html`<span class="who">${name} · <a href="/auth/logout">Log out</a></span>`;
}
