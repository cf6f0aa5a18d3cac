// `hawser demo` as a process, and what it says of itself.

import { createHome, type Home, type RunningProcess, startHawser } from './hawser-process.ts';

export interface DemoProcess {
  readonly home: Home;
  readonly process: RunningProcess;
  readonly url: string;
  readonly cloneUrl: string;
  readonly kubeconfig: string;
  readonly token: string;
}

/** Starts a demo on a free port and resolves when it has said all that a user needs. */
export async function startDemoProcess(home: Home = createHome()): Promise<DemoProcess> {
  const running = startHawser(['demo', '--port', '0'], { env: home.env });
  await running.waitFor(/Ctrl-C/);
  const { stdout } = running.output();
  const read = (label: string) =>
    new RegExp(`^ {2}${label} +(?:export KUBECONFIG=)?(\\S+)`, 'm').exec(stdout)?.[1] ?? '';
  return {
    home,
    process: running,
    url: read('Page'),
    cloneUrl: read('Git'),
    kubeconfig: read('Kubernetes'),
    token: read('Token'),
  };
}
