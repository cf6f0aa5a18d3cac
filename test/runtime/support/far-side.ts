// A server that says what it was asked, and answers in all the ways in which servers do: a cluster or a Git server, as far as a request goes.

import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { digestOf, patternBytes } from './pattern.ts';

export interface FarSide {
  /** `https://127.0.0.1:54321` */
  readonly url: string;
  readonly port: number;
  /** Method and path of each request, in order. */
  readonly requests: readonly string[];
  /** Requests whose client went away before their end. */
  readonly left: readonly string[];
  /** While true, connections are closed as they come. */
  away: boolean;
  close(): Promise<void>;
}

/** What `/echo` answers. */
export interface Echo {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly length: number;
  readonly digest: string;
  /** Common name of the client's certificate. */
  readonly client?: string;
  /** The name that the client asked for (SNI). */
  readonly serverName?: string;
}

export const PIECES = ['one', 'two', 'three'];
export const REFUSAL = { kind: 'Status', status: 'Failure', message: 'it may not be so', reason: 'Invalid' };
export const ZIPPED = 'text that is sent in fewer bytes than it has. '.repeat(400);

type Handler = (request: IncomingMessage, response: ServerResponse, argument: string) => Promise<void> | void;

export async function startFarSide(tls?: ServerOptions): Promise<FarSide> {
  const requests: string[] = [];
  const left: string[] = [];
  /** Those who wait for the next piece. */
  const reading = new Set<() => void>();

  const handlers: Readonly<Record<string, Handler>> = {
    echo: async (request, response) => {
      const body = await readAll(request);
      const socket = request.socket instanceof TLSSocket ? request.socket : undefined;
      const client = socket?.getPeerCertificate()?.subject?.CN;
      const serverName = socket && 'servername' in socket ? socket.servername : undefined;
      const echo: Echo = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join() : `${value}`,
          ]),
        ),
        length: body.length,
        digest: await digestOf(body),
        ...(typeof client === 'string' && { client }),
        ...(typeof serverName === 'string' && { serverName }),
      };
      answerJson(response, 200, echo, { 'x-answer': 'yes' });
    },
    status: (_, response, status) => {
      const isEmpty = status === '204' || status === '304';
      if (isEmpty) response.writeHead(Number(status)).end();
      else {
        const headers = { 'retry-after': '7', 'www-authenticate': ['Bearer realm="a"', 'Basic realm="b"'] };
        answerJson(response, Number(status), { ...REFUSAL, code: Number(status) }, headers);
      }
    },
    redirect: (_, response) => {
      response.writeHead(302, { location: '/echo?moved' }).end('it is elsewhere');
    },
    bytes: (_, response, length) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(patternBytes(Number(length)));
    },
    zipped: (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(gzipSync(ZIPPED));
    },
    pieces: (_, response) => {
      let next = 0;
      const go = () => {
        const piece = PIECES[next++];
        if (piece !== undefined) return void response.write(piece);
        reading.delete(go);
        response.end();
      };
      reading.add(go);
      response.once('close', () => reading.delete(go));
      response.writeHead(200, { 'content-type': 'application/json' });
      go();
    },
    next: (_, response) => {
      for (const go of reading) go();
      answerJson(response, 200, {});
    },
    endless: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const write = () => void response.write(`{"at":${Date.now()}}\n`);
      const timer = setInterval(write, 20);
      response.once('close', () => clearInterval(timer));
      write();
    },
    silent: () => undefined,
    /** Answered once the path behind it was asked for. */
    seen: async (_, response, path) => {
      while (!requests.includes(`GET /${path}`)) await sleep(5);
      answerJson(response, 200, {});
    },
    cut: (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the beginning', () => response.destroy());
    },
    drop: (request) => void request.socket.destroy(),
    /** As a connection that was kept open is closed just when it is used again. */
    once: (request, response) => {
      if (requests.filter((one) => one.includes(' /once')).length === 1) request.socket.destroy();
      else answerJson(response, 403, {});
    },
    version: (_, response) => answerJson(response, 200, { gitVersion: 'v1.34.1' }),
  };

  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const line = `${request.method} ${request.url}`;
    requests.push(line);
    response.once('close', () => {
      if (!response.writableFinished) left.push(line);
    });
    const [, name = '', argument = ''] = /^\/([a-z]+)\/?([^?]*)/.exec(request.url ?? '') ?? [];
    const handler = handlers[name];
    if (handler) Promise.resolve(handler(request, response, argument)).catch(() => response.destroy());
    else answerJson(response, 404, { ...REFUSAL, code: 404 });
  };
  const server: Server = tls ? createHttpsServer(tls, serve) : createHttpServer(serve);
  const farSide = { away: false };
  server.on('connection', (socket) => {
    if (farSide.away) socket.destroy();
  });
  const port = await listenOn(server);
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    left,
    get away() {
      return farSide.away;
    },
    set away(away) {
      farSide.away = away;
      if (away) server.closeAllConnections();
    },
    close: () => stop(server),
  };
}

/** An address of this machine where nobody is any more. */
export async function addressOfNobody(): Promise<string> {
  const { url, close } = await startFarSide();
  await close();
  return url;
}

export interface HttpProxy {
  readonly url: string;
  /** Method and address of each request, and the login. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** An HTTP proxy: it forwards plain requests, and tunnels for the others; every name leads to this machine. */
export async function startProxy(): Promise<HttpProxy> {
  const requests: string[] = [];
  const note = (request: IncomingMessage) =>
    requests.push([request.method, request.url, request.headers['proxy-authorization'] ?? ''].join(' ').trim());
  const server = createHttpServer((request, response) => {
    note(request);
    response.end('from the proxy');
  });
  server.on('connect', (request: IncomingMessage, socket, head: Buffer) => {
    note(request);
    const tunnel = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      tunnel.write(head);
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('error', () => socket.destroy());
    socket.on('error', () => tunnel.destroy());
    socket.once('close', () => tunnel.destroy());
  });
  const port = await listenOn(server);
  return { url: `http://127.0.0.1:${port}`, requests, close: () => stop(server) };
}

function answerJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}

function listenOn(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
