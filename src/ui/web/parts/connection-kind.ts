// What kind of failure the text of a failed connection tells of, so that people read what to do before they read the text.

export type ConnectionKind =
  | 'name'
  | 'refused'
  | 'timeout'
  | 'plain'
  | 'certificate'
  | 'credentials'
  | 'forbidden'
  | 'missing'
  | 'proxy'
  | 'unsupported'
  | 'other';

/** The first that fits counts: what advises about credentials may be about something else. */
const SIGNS: readonly (readonly [ConnectionKind, RegExp])[] = [
  ['proxy', /\bproxy\b/i],
  ['name', /ENOTFOUND|EAI_AGAIN|getaddrinfo|cannot be resolved|no such host|name (?:or service )?not known/i],
  [
    'refused',
    /ECONNREFUSED|ECONNRESET|connection was (?:refused|closed)|connection refused|hang up|no route to|bad port/i,
  ],
  ['timeout', /timed? ?out|TimeoutError|ETIMEDOUT|did not answer within|deadline/i],
  ['plain', /wrong version number|speaks no TLS/i],
  ['certificate', /certificate|self.signed|altname|ERR_TLS|SSL|UNABLE_TO_(?:VERIFY|GET)/i],
  ['unsupported', /cannot be used|not built|unsupported|only HTTP/i],
  ['missing', /\b404\b|not found|does not exist|no Git repository/i],
  ['forbidden', /\b403\b|forbidden|permission denied/i],
  ['credentials', /\b401\b|unauthori[sz]ed|credentials|password|authentication/i],
];

export function connectionKind(message: string): ConnectionKind {
  return SIGNS.find(([, sign]) => sign.test(message))?.[0] ?? 'other';
}
