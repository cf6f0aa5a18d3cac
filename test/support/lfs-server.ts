// A Git LFS server on loopback: the batch API and downloads, with what servers do differently as options.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

export interface LfsServerOptions {
  /** Serves only those with this value of the Authorization header. */
  readonly authorization?: string;
  /** Downloads are on a second port, as on a storage of its own, by these headers. */
  readonly storageHeader?: Readonly<Record<string, string>>;
  /** Sends other bytes than it should. */
  readonly isDamaged?: boolean;
  /** Names headers with its downloads that are those of a connection. */
  readonly isVerbose?: boolean;
  /** Answers downloads with a redirect first. */
  readonly redirects?: boolean;
}

export interface LfsServer {
  readonly url: string;
  readonly requests: { readonly path: string; readonly authorization: string | undefined; readonly body: string }[];
  /** Keeps a file and gives the pointer that Git holds for it. */
  add(content: string): string;
  close(): Promise<void>;
}

export async function startLfsServer(options: LfsServerOptions = {}): Promise<LfsServer> {
  const files = new Map<string, Buffer>();
  const requests: LfsServer['requests'] = [];
  const storage = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path: `storage${path}`, authorization: request.headers.authorization, body: '' });
    const wanted = Object.entries(options.storageHeader ?? {});
    if (wanted.some(([name, value]) => request.headers[name] !== value)) return void response.writeHead(403).end();
    if (options.redirects && !path.includes('again')) {
      return void response.writeHead(302, { location: `${path}?again` }).end();
    }
    const file = files.get(path.replace(/^\/|\?.*$/g, ''));
    if (!file) return void response.writeHead(404).end();
    response.end(options.isDamaged ? Buffer.alloc(file.length, 'x') : file);
  });
  const api = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const path = request.url ?? '';
      requests.push({ path, authorization: request.headers.authorization, body });
      if (options.authorization && request.headers.authorization !== options.authorization) {
        return void response.writeHead(401).end();
      }
      if (request.method === 'GET') {
        const file = files.get(path.slice(path.lastIndexOf('/') + 1));
        return void (file ? response.end(file) : response.writeHead(404).end());
      }
      if (!path.endsWith('/info/lfs/objects/batch')) return void response.writeHead(404).end();
      const asked: { objects: { oid: string; size: number }[] } = JSON.parse(body);
      const of = options.isVerbose ? { 'Transfer-Encoding': 'chunked', Host: 'elsewhere.test' } : {};
      const objects = asked.objects.map(({ oid, size }) => {
        if (!files.has(oid)) return { oid, size, error: { code: 404, message: 'Object does not exist' } };
        const href = options.storageHeader ? `${originOf(storage)}/${oid}` : `${originOf(api)}/objects/${oid}`;
        return { oid, size, actions: { download: { href, header: { ...options.storageHeader, ...of } } } };
      });
      response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
      response.end(JSON.stringify({ transfer: 'basic', objects }));
    });
  });
  await Promise.all([api, storage].map((one) => new Promise<void>((done) => one.listen(0, '127.0.0.1', done))));
  return {
    url: originOf(api),
    requests,
    add: (content) => {
      const bytes = Buffer.from(content);
      const oid = createHash('sha256').update(bytes).digest('hex');
      files.set(oid, bytes);
      return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`;
    },
    close: async () => {
      for (const one of [api, storage]) {
        one.closeAllConnections();
        await new Promise((done) => one.close(done));
      }
    },
  };
}

function originOf(server: ReturnType<typeof createServer>): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}
