// Host keys and certificates as somebody pastes them, as the API takes them.

export interface NewCertificate {
  readonly serverName: string;
  readonly certType: 'https' | 'ssh';
  readonly certSubType: string;
  /** In base64. */
  readonly certData: string;
}

/** Lines of known_hosts; comments and hashed names, which nobody can read, are left out. */
export function readKnownHosts(text: string): readonly NewCertificate[] {
  return text.split('\n').flatMap((line) => {
    const [hosts = '', type = '', key = ''] = line.trim().split(/\s+/);
    if (hosts === '' || key === '' || /^[#@|]/.test(hosts)) return [];
    return hosts.split(',').map((serverName) => ({
      serverName,
      certType: 'ssh' as const,
      certSubType: type,
      certData: btoa(key),
    }));
  });
}

/** `data`: PEM, of one certificate or of several. */
export function tlsCertificate(serverName: string, pem: string): NewCertificate {
  const data = `${pem.trim()}\n`;
  return { serverName: serverName.trim(), certType: 'https', certSubType: '', certData: btoa(data) };
}
