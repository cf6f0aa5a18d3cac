// What differences say.

import { defineWords } from '../words/words.ts';

export const diffWords = defineWords({
  en: {
    layout: 'How it is shown',
    unified: 'Unified',
    split: 'Side by side',
    noise: 'With status and managed fields',
    equal: 'Nothing differs.',
    equalButNoise: 'Only status and managed fields differ.',
    unchanged: (n: number) => (n === 1 ? '1 unchanged line' : `${n} unchanged lines`),
    open: (n: number) => `Show ${n} unchanged lines`,
    more: (n: number, rest: number) => `Show ${n} of ${rest} more lines`,
    moved: 'moved',
    masked: 'changed, not shown',
    removed: 'removed',
    added: 'added',
    before: 'Before',
    after: 'After',
    unreadable: 'This cannot be compared: it is no YAML.',
    counts: (added: number, removed: number) => `${added} lines added, ${removed} removed`,
  },
  ko: {
    layout: '표시 방식',
    unified: '한 열로',
    split: '나란히',
    noise: 'status와 관리 필드 포함',
    equal: '차이가 없습니다.',
    equalButNoise: 'status와 관리 필드만 다릅니다.',
    unchanged: (n) => `변경 없는 ${n}줄`,
    open: (n) => `변경 없는 ${n}줄 펼치기`,
    more: (n, rest) => `남은 ${rest}줄 중 ${n}줄 더 보기`,
    moved: '이동됨',
    masked: '변경됨(값은 표시하지 않음)',
    removed: '삭제됨',
    added: '추가됨',
    before: '변경 전',
    after: '변경 후',
    unreadable: 'YAML이 아니어서 비교할 수 없습니다.',
    counts: (added, removed) => `${added}줄 추가, ${removed}줄 삭제`,
  },
});
