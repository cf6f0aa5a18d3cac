// Log lines in workerd: JSON, one a line, as on Node where a program reads them. All go to one stream, so that they stay in order.

import { isKeptAt, type LogLevel } from '../base/log-level.ts';
import type { Clock, Log, LogFields } from '../platform.ts';

export interface ConsoleLogOptions {
  readonly clock: Clock;
  /** What is less important is left out. Default: info. */
  readonly level?: LogLevel;
  readonly write?: (line: string) => void;
}

export function createConsoleLog({ clock, level = 'info', write = writeLine }: ConsoleLogOptions): Log {
  const at = (own: LogLevel) => {
    if (!isKeptAt(level, own)) return () => undefined;
    return (message: string, fields?: LogFields) =>
      write(JSON.stringify({ time: new Date(clock.now()).toISOString(), level: own, message, ...fields }));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function writeLine(line: string): void {
  console.log(line);
}
