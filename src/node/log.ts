// Log lines on standard error: JSON when a program reads them, one readable line when a person does.

import { styleText } from 'node:util';
import type { Log, LogFields } from '../platform.ts';

type Level = 'info' | 'warn' | 'error';

const COLOURS = { info: 'cyan', warn: 'yellow', error: 'red' } as const satisfies Record<Level, string>;

export function createLog(stream: NodeJS.WriteStream = process.stderr): Log {
  const format = stream.isTTY ? formatForPeople : formatForPrograms;
  const write = (level: Level) => (message: string, fields?: LogFields) => {
    stream.write(`${format(level, message, fields)}\n`);
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

function formatForPrograms(level: Level, message: string, fields: LogFields = {}): string {
  return JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
}

function formatForPeople(level: Level, message: string, fields: LogFields = {}): string {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
  return `${new Date().toTimeString().slice(0, 8)} ${styleText(COLOURS[level], level.padEnd(5))} ${message}${rest ? ` ${rest}` : ''}`;
}
