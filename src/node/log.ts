// Log lines on standard error: JSON when a program reads them, one readable line when a person does.

import { styleText } from 'node:util';
import { isKeptAt, type LogLevel } from '../base/log-level.ts';
import type { Log, LogFields } from '../platform.ts';

export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogOptions {
  /** Default: text at a terminal, JSON elsewhere. */
  readonly format?: LogFormat;
  /** What is less important is left out. Default: info. */
  readonly level?: LogLevel;
  readonly stream?: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };
}

const COLOURS = { debug: 'gray', info: 'cyan', warn: 'yellow', error: 'red' } as const satisfies Record<
  LogLevel,
  string
>;

export function createLog({ format, level = 'info', stream = process.stderr }: LogOptions = {}): Log {
  const isTerminal = stream.isTTY === true;
  const line = (format ?? (isTerminal ? 'text' : 'json')) === 'json' ? formatForPrograms : formatForPeople;
  const write = (own: LogLevel) => {
    if (!isKeptAt(level, own)) return () => undefined;
    return (message: string, fields?: LogFields) => {
      stream.write(`${line(own, message, fields, isTerminal)}\n`);
    };
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

function formatForPrograms(level: LogLevel, message: string, fields: LogFields = {}): string {
  return JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
}

function formatForPeople(level: LogLevel, message: string, fields: LogFields = {}, isColoured = false): string {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${shown(value)}`)
    .join(' ');
  const name = level.padEnd(5);
  const shownLevel = isColoured ? styleText(COLOURS[level], name) : name;
  return `${new Date().toTimeString().slice(0, 8)} ${shownLevel} ${message.replaceAll('\n', '\\n')}${rest ? ` ${rest}` : ''}`;
}

/** Whoever can choose a text must not be able to make a line of its own. */
function shown(value: LogFields[string]): string {
  const text = String(value);
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}
