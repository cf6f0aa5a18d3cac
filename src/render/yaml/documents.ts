// A stream of YAML documents cut at its `---` lines, as Kubernetes' clients do it before any parsing
// (k8s.io/apimachinery pkg/util/yaml/decoder.go, YAMLReader).

import { HawserError } from '../../base/errors.ts';

export interface DocumentText {
  readonly text: string;
  /** On which line of the stream it begins, counted from 1. */
  readonly line: number;
}

/**
 * The texts of a stream's documents; one without content is still listed. Only a comment may follow a `---`: throws
 * `RenderFailed` with apimachinery's text for anything else.
 */
export function splitDocuments(stream: string): DocumentText[] {
  const documents: DocumentText[] = [];
  let from = 0;
  let fromLine = 1;
  let line = 1;
  for (let at = 0; at < stream.length; line++) {
    const newline = stream.indexOf('\n', at);
    const next = newline < 0 ? stream.length : newline + 1;
    if (stream.startsWith('---', at)) {
      const rest = stream.slice(at + 3, next).trim();
      if (rest !== '' && !rest.startsWith('#')) {
        throw new HawserError('RenderFailed', `invalid Yaml document separator: ${rest}`, { data: { line } });
      }
      if (at > from) documents.push({ text: stream.slice(from, at), line: fromLine });
      from = next;
      fromLine = line + 1;
    }
    at = next;
  }
  if (from < stream.length) documents.push({ text: stream.slice(from), line: fromLine });
  return documents;
}
