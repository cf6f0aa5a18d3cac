// A packaged chart (.tgz) into its files, with the guards of Helm against hostile archives (Helm: pkg/chart/loader/archive.go).

import { Gunzip } from 'fflate';
import { HawserError, messageOf } from '../../base/errors.ts';
import { quote } from '../go/quote.ts';
import type { ChartFile } from './chart.ts';
import { type HelmLimits, limitExceeded } from './limits.ts';
import { readTar } from './tar.ts';

/** Compressed bytes given to the decompressor at once: each may grow a thousandfold before its size is looked at. */
const PIECE = 16 * 1024;
const DRIVE_PATH = /^[a-zA-Z]:\//;

/**
 * The files of a chart archive, named relative to the chart's folder. Throws `RenderFailed` with Helm's text for an archive that is
 * none or leads out of its folder, `LimitExceeded` for one that unpacks to too much.
 */
export function readChartArchive(archive: Uint8Array, limits: HelmLimits): ChartFile[] {
  const files: ChartFile[] = [];
  let remaining = limits.archiveBytes;
  for (const entry of readTar(gunzip(archive, limits))) {
    if (entry.type === '5' || entry.type === 'g') continue;
    const name = chartRelativeName(entry.name);
    if (entry.data.length >= remaining) throw tooLarge(limits);
    if (entry.data.length > limits.fileBytes) {
      const message = `decompressed chart file ${quote(entry.name)} is larger than the maximum file size ${limits.fileBytes}`;
      throw limitExceeded('fileBytes', message);
    }
    remaining -= entry.data.length;
    files.push({ name, data: withoutByteOrderMark(entry.data) });
  }
  if (files.length === 0) throw new HawserError('RenderFailed', 'no files in chart archive');
  return files;
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

export function withoutByteOrderMark(data: Uint8Array): Uint8Array {
  return data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? data.subarray(3) : data;
}

/** The path below the archive's one folder, or Helm's refusal. */
function chartRelativeName(entryName: string): string {
  const delimiter = entryName.includes('\\') ? '\\' : '/';
  const [base, ...rest] = entryName.split(delimiter);
  const joined = rest.join('/');
  if (joined.startsWith('/')) throw refused('chart illegally contains absolute paths');
  const name = cleanPath(joined);
  if (name === '.') throw refused(`chart illegally contains content outside the base directory: ${quote(entryName)}`);
  if (name.startsWith('..')) throw refused('chart illegally references parent directory');
  if (DRIVE_PATH.test(name)) throw refused('chart contains illegally named files');
  if (base === 'Chart.yaml') throw refused('chart yaml not in base directory');
  return name;
}

/** Go's path.Clean for a relative path. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

function gunzip(archive: Uint8Array, limits: HelmLimits): Uint8Array {
  if (!isGzip(archive)) throw refused(archive.length < 10 ? 'EOF' : 'gzip: invalid header');
  const pieces: Uint8Array[] = [];
  let size = 0;
  const stream = new Gunzip((piece) => {
    pieces.push(piece);
    size += piece.length;
  });
  // Headers and padding of the tar come on top of the files.
  const bound = limits.archiveBytes + 16 * 1024 * 1024;
  for (let offset = 0; offset < archive.length; offset += PIECE) {
    const isLast = offset + PIECE >= archive.length;
    try {
      stream.push(archive.subarray(offset, offset + PIECE), isLast);
    } catch (error) {
      throw refused(`gzip: ${messageOf(error)}`);
    }
    if (size > bound) throw tooLarge(limits);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function tooLarge(limits: HelmLimits): HawserError {
  const message = `decompressed chart is larger than the maximum file size ${limits.archiveBytes}`;
  return limitExceeded('archiveBytes', message);
}

function refused(message: string): HawserError {
  return new HawserError('RenderFailed', message);
}
