// What texts were parsed to, by name and text, so that `tpl` of the same text again costs nothing.

/** Text kept, in UTF-16 units: what a program feeds to `tpl` may differ each time. Beyond it everything is forgotten. */
const MAX_TEXT = 16 * 1024 * 1024;

export class ParseCache<T> {
  private readonly names = new Map<string, Map<string, T>>();
  private size = 0;

  get(name: string, text: string): T | undefined {
    return this.names.get(name)?.get(text);
  }

  set(name: string, text: string, parsed: T): void {
    this.size += text.length;
    if (this.size > MAX_TEXT) {
      this.names.clear();
      this.size = text.length;
    }
    const texts = this.names.get(name) ?? new Map<string, T>();
    this.names.set(name, texts.set(text, parsed));
  }
}
