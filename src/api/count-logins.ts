// How many logins there were, under Argo CD's name for that.

import type { Platform } from '../platform.ts';

export async function counted<T>({ metrics }: Pick<Platform, 'metrics'>, login: Promise<T>): Promise<T> {
  const tell = (status: 'success' | 'failure') => metrics?.count('argocd_login_request_total', { status });
  try {
    const done = await login;
    tell('success');
    return done;
  } catch (error) {
    tell('failure');
    throw error;
  }
}
