// How a webhook is made by hand at each Git server: where its page is, and what is to be chosen there in that server's own words.

export type GuideHost = 'gogs' | 'gitea' | 'github' | 'gitlab';

export const GUIDE_HOSTS: readonly { readonly host: GuideHost; readonly title: string }[] = [
  { host: 'gogs', title: 'Gogs' },
  { host: 'gitea', title: 'Gitea, Forgejo' },
  { host: 'github', title: 'GitHub' },
  { host: 'gitlab', title: 'GitLab' },
];

/** A field of that page, and what belongs into it. `isCopied`: an address or a word that is typed. */
export interface GuideField {
  readonly label: string;
  readonly value: string;
  readonly isCopied?: boolean;
}

export interface HookGuide {
  /** Where the clicks lead, as its menus name it. */
  readonly way: string;
  /** Of that page, where the address of the repository tells it. */
  readonly page?: string;
  readonly fields: readonly GuideField[];
  /** The name of the field that takes the secret. */
  readonly secretLabel: string;
  /** The button that sends one for trial. */
  readonly trial: string;
}

const JSON_TYPE = 'application/json';

const GUIDES: Readonly<Record<GuideHost, (address: string) => Omit<HookGuide, 'page'>>> = {
  gogs: (address) => ({
    way: 'Settings → Webhooks → Add Webhook → Gogs',
    fields: [
      { label: 'Payload URL', value: address, isCopied: true },
      { label: 'Content Type', value: JSON_TYPE },
      { label: 'When should this webhook be triggered?', value: 'Let me choose what I need: Create, Delete, Push' },
      { label: 'Active', value: '✓' },
    ],
    secretLabel: 'Secret',
    trial: 'Test Delivery',
  }),
  gitea: (address) => ({
    way: 'Settings → Webhooks → Add Webhook → Gitea (Forgejo)',
    fields: [
      { label: 'Target URL', value: address, isCopied: true },
      { label: 'HTTP Method', value: 'POST' },
      { label: 'POST Content Type', value: JSON_TYPE },
      { label: 'Trigger On', value: 'Push Events' },
      { label: 'Branch filter', value: '*' },
      { label: 'Active', value: '✓' },
    ],
    secretLabel: 'Secret',
    trial: 'Test Delivery',
  }),
  github: (address) => ({
    way: 'Settings → Webhooks → Add webhook',
    fields: [
      { label: 'Payload URL', value: address, isCopied: true },
      { label: 'Content type', value: JSON_TYPE },
      { label: 'SSL verification', value: 'Enable SSL verification' },
      { label: 'Which events would you like to trigger this webhook?', value: 'Just the push event.' },
      { label: 'Active', value: '✓' },
    ],
    secretLabel: 'Secret',
    trial: 'Recent Deliveries → ping → Redeliver',
  }),
  gitlab: (address) => ({
    way: 'Settings → Webhooks → Add new webhook',
    fields: [
      { label: 'URL', value: address, isCopied: true },
      { label: 'Trigger', value: 'Push events (All branches), Tag push events' },
      { label: 'SSL verification', value: 'Enable SSL verification' },
    ],
    secretLabel: 'Secret token',
    trial: 'Test → Push events',
  }),
};

const PAGES: Readonly<Record<GuideHost, string>> = {
  gogs: '/settings/hooks',
  gitea: '/settings/hooks',
  github: '/settings/hooks/new',
  gitlab: '/-/hooks',
};

export function hookGuide(host: GuideHost, address: string, repoURL: string): HookGuide {
  const page = pageOf(host, repoURL);
  return { ...GUIDES[host](address), ...(page && { page }) };
}

function pageOf(host: GuideHost, repoURL: string): string | undefined {
  if (!/^https?:\/\//i.test(repoURL) || !URL.canParse(repoURL)) return undefined;
  const { origin, pathname } = new URL(repoURL);
  return `${origin}${pathname.replace(/\/+$/, '').replace(/\.git$/, '')}${PAGES[host]}`;
}

/** By what has told of it: its pushes, or its address. Forgejo's pages are Gitea's. */
export function guideHostOf(told: string | undefined): GuideHost | undefined {
  if (told === 'forgejo') return 'gitea';
  return GUIDE_HOSTS.find(({ host }) => host === told)?.host;
}

/** For a webhook's secret: 48 hexadecimal digits of the browser's cryptographic source. */
export function newSecret(): string {
  return [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
