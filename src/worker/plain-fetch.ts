// workerd's own fetch. Where TLS fails, it says `internal error; reference = …` and nothing else.

const NOTHING_SAID = /^internal error\b/;

/** Rejects with what is likely where workerd does not say what it was. */
export async function plainFetch(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (!url.startsWith('https:') || !(error instanceof Error) || !NOTHING_SAID.test(error.message)) throw error;
    // Its own message would be taken for the reason.
    throw new Error(
      'the TLS connection failed, and workerd does not say why; it trusts certificates of public CAs only',
    );
  }
}
