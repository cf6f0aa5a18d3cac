// What was typed, kept until it is made: a page that was closed or loaded anew loses nothing.

const KEY = 'hawser.new-application';

export function readKeptDraft(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepDraft(text: string): void {
  sessionStorage.setItem(KEY, text);
}

export function forgetDraft(): void {
  sessionStorage.removeItem(KEY);
}
