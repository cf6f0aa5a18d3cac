// The states that Argo CD names, in each language: the English ones are its own words.

import { defineWords } from '../words/words.ts';

type Table = Readonly<Record<string, string>>;
interface StateWords {
  readonly sync: Table;
  readonly health: Table;
  readonly phase: Table;
  readonly [key: string]: Table;
}

const en: StateWords = {
  sync: { Synced: 'Synced', OutOfSync: 'OutOfSync', Unknown: 'Unknown' },
  health: {
    Healthy: 'Healthy',
    Progressing: 'Progressing',
    Degraded: 'Degraded',
    Suspended: 'Suspended',
    Missing: 'Missing',
    Unknown: 'Unknown',
  },
  phase: {
    Running: 'Running',
    Terminating: 'Terminating',
    Succeeded: 'Succeeded',
    Failed: 'Failed',
    Error: 'Error',
    Waiting: 'Waiting',
    Planned: 'Planned',
  },
};

const ko: StateWords = {
  sync: { Synced: '동기화됨', OutOfSync: '동기화 필요', Unknown: '알 수 없음' },
  health: {
    Healthy: '정상',
    Progressing: '진행 중',
    Degraded: '이상',
    Suspended: '일시 중단',
    Missing: '없음',
    Unknown: '알 수 없음',
  },
  phase: {
    Running: '실행 중',
    Terminating: '중단하는 중',
    Succeeded: '성공',
    Failed: '실패',
    Error: '오류',
    Waiting: '대기 중',
    Planned: '예정',
  },
};

export const stateWords = defineWords({ en, ko });
