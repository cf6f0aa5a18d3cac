// A Worker's log lines (JSON) as those of this process: for people at a terminal, for programs elsewhere.

import { isObject } from '../base/json.ts';
import { LOG_LEVELS } from '../base/log-level.ts';
import type { Log, LogFields } from '../platform.ts';

/** What is no line of its log (workerd's own words, an exception) is told as it is. */
export function passWorkerLine(line: string, log: Log): void {
  const parsed = parseLine(line);
  if (!parsed) {
    if (line.trim() !== '') log.warn('workerd', { text: line });
    return;
  }
  const { time: _, level, message, ...fields } = parsed;
  const known = LOG_LEVELS.find((name) => name === level) ?? 'info';
  log[known]?.(message, fields as LogFields);
}

function parseLine(line: string): ({ message: string } & Record<string, unknown>) | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && typeof value.message === 'string' ? { ...value, message: value.message } : undefined;
  } catch {
    return undefined;
  }
}
