// PEM blocks as Go's encoding/pem writes and reads them.

import { decodeBaseN, encodeBaseN } from '../../go/base-n.ts';
import { utf8Encode } from '../../go/strings.ts';

export interface PemBlock {
  /** What stands between `BEGIN` and the dashes. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

export function encodePem({ type, bytes }: PemBlock): string {
  const lines = encodeBaseN('base64', bytes).replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${type}-----\n${lines}-----END ${type}-----\n`;
}

/** The first block in `text`; undefined where there is none. Headers are skipped. */
export function decodePem(text: string): PemBlock | undefined {
  const blocks = text.matchAll(/(?:^|\n)-----BEGIN (.*?)-----[ \t\r]*\n(.*?)\n?-----END (.*?)-----[ \t\r]*(?:\n|$)/gs);
  for (const [, type = '', body = '', end = ''] of blocks) {
    if (type !== end) continue;
    const base64 = body.replace(/^(?:[^\n]*:[^\n]*\n)+\n?/, '').replace(/[ \t\r\n]/g, '');
    const { bytes, error } = decodeBaseN('base64', utf8Encode(base64));
    if (error === undefined) return { type, bytes };
  }
  return undefined;
}
