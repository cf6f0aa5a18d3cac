// Whether a new password is one that the installation takes: the server decides, and says the same.

/** Argo CD's own, of 8 to 32 characters. */
export const DEFAULT_PATTERN = '^.{8,32}$';

export type PasswordProblem = 'current' | 'length' | 'pattern' | 'again';

export interface PasswordForm {
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

export interface PasswordRules {
  /** Go's syntax; what a browser cannot read is left to the server. */
  readonly pattern: string;
  readonly needsCurrent: boolean;
}

export function passwordProblems(
  { current, next, again }: PasswordForm,
  { pattern, needsCurrent }: PasswordRules,
): Readonly<Partial<Record<keyof PasswordForm, PasswordProblem>>> {
  const isFit = fits(next, pattern);
  return {
    ...(needsCurrent && current === '' && { current: 'current' as const }),
    ...(!isFit && { next: pattern === DEFAULT_PATTERN ? ('length' as const) : ('pattern' as const) }),
    ...(isFit && next !== again && { again: 'again' as const }),
  };
}

function fits(password: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(password);
  } catch {
    return password !== '';
  }
}
