// The hosts that are one Git server under several names, as the operator declares them: `webhook.hostAliases` of argocd-cm. Ours; Argo CD
// has no such setting.

/** Names of one server, in lower case, without their ports: those count for nothing when a push is matched. */
export type HostAliases = readonly (readonly string[])[];

/** `git.example.com=gogs.internal:3000,a=b=c`: groups between commas, blanks or lines, names of one server between equal signs. */
export function parseHostAliases(text = ''): HostAliases {
  return text
    .split(/[\s,]+/)
    .map((group) =>
      group
        .split('=')
        .map(hostName)
        .filter((name) => name !== ''),
    )
    .filter((group) => group.length > 1);
}

/** The same address at every other name of its host, where there are any. */
export function addressesAtAliases(addresses: readonly string[], aliases: HostAliases): readonly string[] {
  if (aliases.length === 0) return [];
  return addresses.flatMap((address) => {
    const match = /^((?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/]*@)?)(\[[^\]]*\]|[^:/?#]+)(:\d+(?=\/|$))?(.*)$/is.exec(address);
    if (!match) return [];
    const [, before = '', host = '', , rest = ''] = match;
    const name = hostName(host);
    const others = aliases.filter((group) => group.includes(name)).flat();
    return [...new Set(others)].filter((other) => other !== name).map((other) => `${before}${other}${rest}`);
  });
}

function hostName(text: string): string {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/\/.*$/, '');
  return host.startsWith('[') ? host.replace(/\]:\d+$/, ']') : host.replace(/:\d+$/, '');
}
