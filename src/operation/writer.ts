// Who writes to the cluster, as the API server tells webhooks: a person, a program, or Kubernetes itself.

/** Believed only where the API server is known to have said so. */
export interface Writer {
  readonly username: string;
  /** Of an update the field manager; deletions name none. */
  readonly manager?: string;
  /** A deletion with preconditions: programs say which object they mean. */
  readonly namesObject?: boolean;
}

/** What Kubernetes itself writes: it reads no warnings. */
export function isBuiltIn({ username }: Writer): boolean {
  return /^system:(serviceaccount:kube-system:|node:|kube-|apiserver|aggregator|addon-manager)/.test(username);
}

/** Never a controller, the garbage collector or hawser; `system:admin` is the administrator of k3s and OpenShift. */
export function isPerson({ username }: Writer): boolean {
  return !username.startsWith('system:') || username === 'system:admin';
}
