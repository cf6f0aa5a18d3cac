// A question to whoever sits at the terminal; a hidden answer (a password) is not shown while it is typed.

import { Interruption } from './io.ts';

const ENTER = /[\r\n]/;
const END_OF_TEXT = '\u0003';
const END_OF_INPUT = '\u0004';
const ERASE = /[\u007f\b]/;

/** Questions go to standard error: standard output is for results. Ctrl-C throws what `interrupted` aborts with. */
export function askAtTerminal(stderr: (text: string) => void, interrupted: () => AbortSignal) {
  return async (question: string, { isHidden = false } = {}): Promise<string> => {
    interrupted().throwIfAborted();
    stderr(question);
    if (isHidden) return readHidden(stderr);
    const { createInterface } = await import('node:readline/promises');
    const lines = createInterface({ input: process.stdin });
    try {
      return await new Promise<string>((resolve, reject) => {
        lines.once('line', resolve).once('close', () => resolve(''));
        interrupted().addEventListener('abort', () => reject(interrupted().reason), { once: true });
      });
    } finally {
      lines.close();
      process.stdin.pause();
    }
  };
}

/** In raw mode the terminal shows nothing, and hands on Ctrl-C as a character. */
function readHidden(stderr: (text: string) => void): Promise<string> {
  const { stdin } = process;
  stdin.setRawMode(true).setEncoding('utf8').resume();
  let answer = '';
  return new Promise<string>((resolve, reject) => {
    const onData = (text: string) => {
      for (const character of text) {
        if (character === END_OF_TEXT) return finish(() => reject(new Interruption('interrupted')));
        if (ENTER.test(character) || character === END_OF_INPUT) return finish(() => resolve(answer));
        answer = ERASE.test(character) ? [...answer].slice(0, -1).join('') : answer + character;
      }
    };
    const finish = (settle: () => void) => {
      stdin.off('data', onData).pause();
      stdin.setRawMode(false);
      stderr('\n');
      settle();
    };
    stdin.on('data', onData);
  });
}
