// What is said of filters that one keeps.

import { defineWords } from '../words/words.ts';

export const filterWords = defineWords({
  en: {
    saved: 'Saved filters',
    name: 'Name of these filters',
    keep: 'Save these',
    nothing: 'Choose something first',
    forget: (name: string) => `Forget ${name}`,
  },
  ko: {
    saved: '저장된 필터',
    name: '이 필터의 이름',
    keep: '현재 필터 저장',
    nothing: '먼저 필터를 선택하세요',
    forget: (name) => `${name} 삭제`,
  },
});
