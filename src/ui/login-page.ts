// The page on which people log in: by name and password, or by the OIDC provider where there is one. It works without scripts.

import { html } from 'hono/html';
import type { Html } from './page.ts';
import { plainWords } from './plain-words.ts';
import type { Looks } from './shell.ts';

export interface LoginPageParts {
  readonly looks: Looks;
  readonly returnUrl: string;
  /** What the provider is called. */
  readonly provider?: string;
  /** Why the attempt before failed. */
  readonly problem?: { readonly code: string; readonly message: string };
  readonly name?: string;
  /** False where there are no local accounts to log in with. */
  readonly hasPasswords: boolean;
  /** Where the Secret with the first password is; undefined where it is there no more. */
  readonly namespace: string;
  /** One has just logged out. */
  readonly hasLeft: boolean;
}

const LANGUAGES = [
  ['en', 'English'],
  ['ko', '한국어'],
] as const;

export function loginPage(parts: LoginPageParts): Html {
  const { looks, returnUrl, provider, problem, hasPasswords, hasLeft } = parts;
  const t = plainWords(looks);
  return html`${quay()}
<main class="login">
<header>
<h1>hawser</h1>
<p class="intro">${t.intro}</p>
</header>
<section aria-labelledby="login">
<h2 id="login">${t.logIn}</h2>
${hasLeft ? html`<p class="told" role="status">${t.loggedOut}</p>` : ''}
${problem === undefined ? '' : html`<p class="problem" role="alert">${t.problem(problem.code, problem.message)}</p>`}
${
  provider === undefined
    ? ''
    : html`<a class="button" href="/auth/login?return_url=${encodeURIComponent(returnUrl)}">${t.logInWith(provider)}</a>`
}
${provider !== undefined && hasPasswords ? html`<p class="or"><span>${t.or}</span></p>` : ''}
${hasPasswords ? passwordForm(parts) : ''}
${provider === undefined && !hasPasswords ? html`<p class="problem">${t.noWay} ${t.noWayHint}</p>` : ''}
</section>
<nav class="languages" aria-label="${t.language}">${LANGUAGES.map(([code, label]) =>
    code === looks.language
      ? html`<span lang="${code}" aria-current="true">${label}</span>`
      : html`<a lang="${code}" hreflang="${code}" href="/login?language=${code}&amp;return_url=${encodeURIComponent(returnUrl)}">${label}</a>`,
  )}</nav>
</main>`;
}

function passwordForm({ looks, returnUrl, name = '', provider, namespace }: LoginPageParts): Html {
  const t = plainWords(looks);
  return html`<form method="post" action="/login">
<input type="hidden" name="return_url" value="${returnUrl}">
<label for="username">${t.name}</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${name}" ${name === '' ? 'autofocus' : ''}>
<label for="password">${t.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required ${name === '' ? '' : 'autofocus'}>
<button type="submit" class="button ${provider === undefined ? '' : 'second'}">${t.logIn}</button>
</form>
<details class="hint">
<summary>${t.firstPassword}</summary>
<pre tabindex="0"><code>kubectl -n ${namespace} get secret argocd-initial-admin-secret \\
  -o jsonpath='{.data.password}' | base64 -d</code></pre>
<p>${t.firstPasswordText}</p>
</details>`;
}

/** A rope that comes from the left edge and is made fast at a bollard above the form. */
function quay(): Html {
  return html`<div class="quay" aria-hidden="true">
<svg class="rope" width="100%" height="14"><defs><pattern id="strands" width="14" height="14" patternUnits="userSpaceOnUse"><path d="M-3 15C3 15 4 -1 10 -1M4 15C10 15 11 -1 17 -1M-10 15C-4 15 -3 -1 3 -1"/></pattern></defs><rect class="body" y="1.5" width="100%" height="11"/><rect y="2" width="100%" height="10" fill="url(#strands)"/></svg>
<svg class="bollard" viewBox="0 0 72 88" width="72" height="88"><path class="iron" d="M24 86V24h24v62M12 86.75h48M16 24c-4 0-6-3-6-7s2-7 6-7h40c4 0 6 3 6 7s-2 7-6 7z"/><g class="turns"><path d="M20 47c0-4 7-7 16-7s16 3 16 7-7 7-16 7-16-3-16-7z"/><path d="M20 59c0-4 7-7 16-7s16 3 16 7-7 7-16 7-16-3-16-7z"/></g></svg>
</div>`;
}
