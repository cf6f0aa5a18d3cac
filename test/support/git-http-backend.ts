// The real `git http-backend` behind a small CGI server: repositories of a folder at http://127.0.0.1:<port>/<folder>.

import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface HttpBackendOptions {
  /** Serves only those with this user and password. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** Does not tell Git which protocol the client wants, as Gogs does not: version 0. */
  readonly hideProtocol?: boolean;
  /** Answers these paths with a redirect to the address. */
  readonly redirects?: Readonly<Record<string, string>>;
  /** Otherwise a free one; a server that comes back has the address that it had. */
  readonly port?: number;
}

export interface HttpBackend {
  readonly url: string;
  /** Every request: method and path, bytes in and out, whether it had credentials. */
  readonly requests: {
    method: string;
    path: string;
    sent: number;
    received: number;
    authorization: string | undefined;
  }[];
  close(): Promise<void>;
}

export async function startHttpBackend(root: string, options: HttpBackendOptions = {}): Promise<HttpBackend> {
  const requests: HttpBackend['requests'] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const row = {
      method: request.method ?? '',
      path: url.pathname + url.search,
      sent: 0,
      received: 0,
      authorization: request.headers.authorization,
    };
    requests.push(row);
    const redirect = Object.entries(options.redirects ?? {}).find(([prefix]) => url.pathname.startsWith(prefix));
    if (redirect) {
      const [prefix, target] = redirect;
      response.writeHead(301, { location: target + url.pathname.slice(prefix.length) + url.search }).end();
      return;
    }
    if (options.auth && request.headers.authorization !== basic(options.auth)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    runCgi(root, options, url, request, response, row);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function basic({ user, password }: { user: string; password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function runCgi(
  root: string,
  options: HttpBackendOptions,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  row: { sent: number; received: number },
): void {
  const protocol = request.headers['git-protocol'];
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      ...(request.headers['content-encoding'] && { HTTP_CONTENT_ENCODING: request.headers['content-encoding'] }),
      ...(protocol && !options.hideProtocol && { GIT_PROTOCOL: String(protocol) }),
      REMOTE_USER: 'tester',
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  request.on('data', (chunk: Buffer) => {
    row.sent += chunk.length;
  });
  // A server that refuses early closes its end; the client's rest of the body is then nobody's.
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  let started = false;
  child.stdout.on('data', (chunk: Buffer) => {
    row.received += chunk.length;
    if (started) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    started = true;
    const headers: Record<string, string> = {};
    let status = 200;
    for (const line of head.subarray(0, end).toString('latin1').split('\r\n')) {
      const colon = line.indexOf(':');
      const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      if (name === 'status') status = Number.parseInt(value, 10);
      else headers[name] = value;
    }
    response.writeHead(status, headers);
    response.write(head.subarray(end + 4));
  });
  child.on('close', () => {
    if (!started) response.writeHead(500);
    response.end();
  });
}
