import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPacket, packetText, parsePackets } from '../../src/git/pkt-line.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string) =>
  [...parsePackets(encode(text))].map(({ packet }) =>
    typeof packet === 'string' ? packet : `> ${packetText(packet)}`,
  );

describe('packets', () => {
  it('are read as they were written', () => {
    const line = fc.string().filter((text) => !text.endsWith('\n'));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(read(lines.map(formatPacket).join(''))).toEqual(lines.map((text) => `> ${text}`));
      }),
    );
  });

  it('are separated by flushes and delimiters', () => {
    expect(read(`${formatPacket('want x')}0001${formatPacket('done')}00000002`)).toEqual([
      '> want x',
      'delimiter',
      '> done',
      'flush',
      'end',
    ]);
  });

  it.each(['0003', '00zz', '00', '0009abc', 'PACK', '-001'])('are refused in %j', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'GitFailed' }));
  });
});
