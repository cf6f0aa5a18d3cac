// The flags that every command of a server takes, before or after its verb: hawser's own, and all that Argo CD's CLI has.

import type { Command } from 'commander';

export interface GlobalFlags {
  readonly server?: string;
  readonly authToken?: string;
  readonly config?: string;
  readonly argocdContext?: string;
  readonly core?: boolean;
  readonly kubeconfig?: string;
  readonly kubeContext?: string;
  readonly plaintext?: boolean;
  readonly insecure?: boolean;
  readonly serverCrt?: string;
  readonly clientCrt?: string;
  readonly clientCrtKey?: string;
  readonly header?: readonly string[];
  readonly grpcWebRootPath?: string;
  readonly portForward?: boolean;
  readonly portForwardNamespace?: string;
}

interface GlobalFlag {
  readonly flags: string;
  /** Left out for what is not worth a line of help. */
  readonly description?: string;
}

const GLOBAL_FLAGS: readonly GlobalFlag[] = [
  {
    flags: '--server <url>',
    description: 'address of the server (HAWSER_SERVER, ARGOCD_SERVER, a running demo, the context)',
  },
  { flags: '--auth-token <token>', description: 'bearer token (HAWSER_TOKEN, ARGOCD_AUTH_TOKEN, the context)' },
  { flags: '--core', description: 'no server: straight on the cluster of the kubeconfig' },
  { flags: '--kubeconfig <file>', description: 'with --core (KUBECONFIG, ~/.kube/config)' },
  { flags: '--kube-context <name>', description: 'with --core: a context other than the current one' },
  { flags: '--config <file>', description: "argocd's own file of contexts (~/.config/argocd/config)" },
  { flags: '--argocd-context <name>', description: 'a context of that file other than the current one' },
  { flags: '--plaintext', description: 'no TLS' },
  { flags: '--insecure', description: 'TLS with whatever certificate the server has' },
  { flags: '--server-crt <file>', description: "the server's certificate, or that of who signed it" },
  { flags: '--client-crt <file>', description: 'certificate of this client' },
  { flags: '--client-crt-key <file>', description: 'its key' },
  { flags: '-H, --header <header>', description: 'sent along with each request; may be given again' },
  // Known to Argo CD's CLI, and without a meaning here, or refused with a word about why.
  ...[
    '--grpc-web',
    '--grpc-web-root-path <path>',
    '--port-forward',
    '--port-forward-namespace <name>',
    '--http-retry-max <number>',
    '--logformat <format>',
    '--loglevel <level>',
    '--prompts-enabled',
    '--server-name <name>',
    '--controller-name <name>',
    '--repo-server-name <name>',
    '--redis-name <name>',
    '--redis-haproxy-name <name>',
    '--redis-compress <how>',
  ].map((flags) => ({ flags })),
];

/** The table that `--help` shows below the flags. */
export const EXIT_CODES = `
Exit codes:
  0    done; nothing differs
  1    not done: an operation failed, something differs, a timeout, no server answers
  2    wrong use, or refused: not found, not permitted, not of the form that is asked for
  70   a fault of hawser's own
  130  interrupted (Ctrl-C)
`;

/** Gives a program the flags, and its verbs with it. Those of the verbs count beside them; none may have the same name. */
export function addGlobalFlags(program: Command): Command {
  for (const { flags, description } of GLOBAL_FLAGS) {
    const option = program.createOption(flags, description ?? '');
    if (description === undefined) option.hideHelp();
    if (flags.includes('--header')) option.argParser((text: string, all: readonly string[] = []) => [...all, text]);
    program.addOption(option);
  }
  return program.configureHelp({ showGlobalOptions: true }).addHelpText('afterAll', EXIT_CODES);
}

/** `hawser --server X app list` is `hawser app --server X list`: flags before the command are put behind it. */
export function moveLeadingFlags(args: readonly string[]): readonly string[] {
  const leading: string[] = [];
  let index = 0;
  for (; index < args.length; index++) {
    const arg = args[index] ?? '';
    const flag = arg.startsWith('-') ? flagOf(arg) : undefined;
    if (!flag) break;
    leading.push(arg);
    if (flag.flags.includes('<') && !arg.includes('=')) leading.push(args[++index] ?? '');
  }
  const [command, ...rest] = args.slice(index);
  return command === undefined ? args : [command, ...leading, ...rest];
}

/** The flags that ARGOCD_OPTS holds, to stand before those of the command line, which count more. */
export function flagsOfEnvironment(text: string): readonly string[] {
  const words = [...text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/["']/g, ''));
  return words.filter((word, index) => {
    const before = words[index - 1];
    const isValue = !word.startsWith('-') && before !== undefined && takesNextWord(before);
    return flagOf(word) !== undefined || isValue;
  });
}

function takesNextWord(word: string): boolean {
  return !word.includes('=') && flagOf(word)?.flags.includes('<') === true;
}

function flagOf(arg: string): GlobalFlag | undefined {
  const [name] = arg.split('=', 1);
  return GLOBAL_FLAGS.find(({ flags }) => flags.split(/,? /).includes(name ?? ''));
}
