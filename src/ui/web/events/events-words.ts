// What events say.

import { defineWords } from '../words/words.ts';

export const eventsWords = defineWords({
  en: {
    events: 'Events',
    title: (name: string) => `Events of ${name}`,
    type: 'Type',
    reason: 'Reason',
    object: 'Object',
    message: 'Message',
    count: 'Count',
    first: 'First',
    last: 'Last',
    from: 'From',
    normal: 'Normal',
    warning: 'Warning',
    none: 'Nothing was reported of it',
    noneText: 'Kubernetes keeps events for an hour, unless its API server says otherwise.',
    reload: 'Load again',
    warningsOnly: 'Warnings only',
  },
  ko: {
    events: '이벤트',
    title: (name) => `${name} 이벤트`,
    type: '유형',
    reason: '원인',
    object: '대상',
    message: '메시지',
    count: '횟수',
    first: '처음',
    last: '마지막',
    from: '보고자',
    normal: '정상',
    warning: '경고',
    none: '보고된 이벤트가 없습니다',
    noneText: '쿠버네티스는 API 서버에 달리 설정하지 않으면 이벤트를 한 시간 동안 보관합니다.',
    reload: '다시 불러오기',
    warningsOnly: '경고만',
  },
});
