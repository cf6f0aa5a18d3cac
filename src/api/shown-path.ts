// The path of a request as logs may have it: a part of it may be the address of a repository, and that may hold a user and a password.

/** `https%3A%2F%2Fuser%3Apassword%40host` without user and password. */
export function shownPath(path: string): string {
  return path.replace(/(%3A%2F%2F)(?:(?!%2F|%3F|%23)[^/?#])*%40/gi, '$1');
}
