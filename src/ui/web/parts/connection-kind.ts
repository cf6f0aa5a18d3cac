// What kind of failure the text of a failed connection tells of, so that people read what to do before they read the text.

export type ConnectionKind =
  | 'name'
  | 'refused'
  | 'timeout'
  | 'certificate'
  | 'credentials'
  | 'forbidden'
  | 'missing'
  | 'proxy'
  | 'unsupported'
  | 'other';

/** The first that fits counts. */
const SIGNS: readonly (readonly [ConnectionKind, RegExp])[] = [
  ['proxy', /\bproxy\b/i],
  ['name', /ENOTFOUND|EAI_AGAIN|getaddrinfo|no such host|name (?:or service )?not known/i],
  ['refused', /ECONNREFUSED|connection refused|ECONNRESET|socket hang up|EHOSTUNREACH|ENETUNREACH/i],
  ['timeout', /timed? ?out|TimeoutError|ETIMEDOUT|did not answer within|deadline/i],
  ['certificate', /certificate|self.signed|altname|ERR_TLS|SSL|UNABLE_TO_(?:VERIFY|GET)/i],
  ['credentials', /\b401\b|unauthori[sz]ed|credentials|password|authentication/i],
  ['forbidden', /\b403\b|forbidden|permission denied/i],
  ['missing', /\b404\b|not found|does not exist|no repository/i],
  ['unsupported', /cannot be used|not built|unsupported|only HTTP/i],
];

export function connectionKind(message: string): ConnectionKind {
  return SIGNS.find(([, sign]) => sign.test(message))?.[0] ?? 'other';
}
