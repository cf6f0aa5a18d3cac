// The Service before the replicas: a connection goes to the next one that takes it.

import { connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
  };
  const server = createServer({ pauseOnConnect: true }, (client) => {
    keep(client);
    const first = turn++;
    const tryNext = (attempt: number) => {
      if (attempt === ports.length) {
        client.destroy();
        return;
      }
      const replica = connect(ports[(first + attempt) % ports.length] ?? 0, '127.0.0.1');
      replica.once('error', () => tryNext(attempt + 1));
      replica.once('connect', () => {
        replica.removeAllListeners('error');
        keep(replica);
        replica.on('close', () => client.destroy());
        client.on('close', () => replica.destroy());
        client.pipe(replica);
        replica.pipe(client);
        client.resume();
      });
    };
    tryNext(0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
