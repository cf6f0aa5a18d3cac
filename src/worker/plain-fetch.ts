// workerd's own fetch, whose failures have no codes, and say little.

/** Whoever only reads asks once more: the far side may have closed a connection that was kept open (git/http.ts). */
const LOST = /^Network connection lost\b/;
/** What it says where TLS fails, with a reference to a log of its maker's. */
const NOTHING_SAID = /^internal error\b/;

/** Rejects with what is likely where workerd does not say what it was. */
export async function plainFetch(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    // Without the cause, whose message would be taken for the reason.
    if (LOST.test(message))
      throw Object.assign(new Error('the connection was refused or closed'), { code: 'CONNECTION_LOST' });
    if (!url.startsWith('https:') || !NOTHING_SAID.test(message)) throw error;
    throw new Error(
      'the TLS connection failed, and workerd does not say why; it trusts certificates of public CAs only',
    );
  }
}
