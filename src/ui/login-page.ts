// The page on which people log in: by name and password, or by the OIDC provider where there is one. It works without scripts.

import { html } from 'hono/html';
import type { Html } from './page.ts';

export interface LoginPageParts {
  readonly returnUrl: string;
  /** What the provider is called. */
  readonly provider?: string;
  /** Why the attempt before failed. */
  readonly problem?: string;
  readonly name?: string;
  /** False where there are no local accounts to log in with. */
  readonly hasPasswords: boolean;
  /** Where the Secret with the first password is. */
  readonly namespace: string;
}

export function loginPage({ returnUrl, provider, problem, name = '', hasPasswords, namespace }: LoginPageParts): Html {
  return html`<section class="login">
<h1>Log in</h1>
${problem === undefined ? '' : html`<p class="problem" role="alert">${problem}</p>`}
${provider === undefined ? '' : html`<p><a class="button" href="/auth/login?return_url=${encodeURIComponent(returnUrl)}">Log in with ${provider}</a></p>`}
${provider !== undefined && hasPasswords ? html`<p class="or">or with a local account</p>` : ''}
${
  hasPasswords
    ? html`<form method="post" action="/login">
<input type="hidden" name="return_url" value="${returnUrl}">
<label for="username">Name</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${name}" ${name === '' ? 'autofocus' : ''}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required ${name === '' ? '' : 'autofocus'}>
<button type="submit">Log in</button>
</form>
<p class="hint">The first password of <code>admin</code>: <code>kubectl -n ${namespace} get secret argocd-initial-admin-secret -o jsonpath='{.data.password}' | base64 -d</code></p>`
    : ''
}
</section>`;
}
