// The words of the sentence that says what an Application's state is, in each language (state-sentence.ts).

export interface SentenceWords {
  /** In place of a revision that is not known. */
  readonly git: string;
  readonly notCompared: string;
  readonly ending: string;
  beingDeleted(since: string, holders: string | undefined): string;
  unknown(message: string | undefined): string;
  unknownObjects(unknown: number, all: number): string;
  attemptFailed(revision: string, message: string): string;
  syncing(revision: string, since: string, detail: string): string;
  /** `place`: the revision, with its author and age. */
  synced(count: number, place: string): string;
  outOfSync(facts: OutOfSyncFacts): string;
  ago(ms: number): string;
  readonly nextApproval: string;
  readonly nextCommit: string;
  readonly nextPush: string;
  readonly nextSync: string;
  /** `window`: what the sync window is called. `isEnd`: it has to end first. */
  nextAt(time: string, window: string | undefined, isEnd: boolean): string;
}

export interface OutOfSyncFacts {
  readonly differing: number;
  readonly all: number;
  readonly place: string;
  /** The revision has not been deployed yet. */
  readonly isNew: boolean;
  readonly next: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const ENGLISH: SentenceWords = {
  git: 'Git',
  notCompared: 'Not compared yet. Next: refresh it, or push.',
  ending: 'Syncing is being ended.',
  beingDeleted: (since, holders) => `Being deleted since ${since}${holders ? `: ${holders}` : ''}.`,
  unknown: (message = 'it could not be compared') => `Unknown: ${withoutStop(message)}.`,
  unknownObjects: (unknown, all) =>
    `Unknown: ${unknown} of ${all} ${all === 1 ? 'object' : 'objects'} could not be compared. Next: SYNC tells why.`,
  attemptFailed: (revision, message) => `Syncing to ${revision} failed: ${message}`,
  syncing: (revision, since, detail) => `Syncing to ${revision} since ${since}${detail ? `: ${detail}` : ''}.`,
  synced: (count, place) =>
    `Synced: ${count === 1 ? 'its one object is' : `all ${count} objects are`} as ${place} says.`,
  outOfSync: ({ differing, all, place, isNew, next }) => {
    const noun = all === 1 ? 'object' : 'objects';
    const verb = differing === 1 ? 'differs' : 'differ';
    return `OutOfSync: ${differing} of ${all} ${noun} ${verb} ${isNew ? 'since' : 'from'} ${place}. Next: ${next}.`;
  },
  ago: (ms) => {
    if (ms < MINUTE) return 'just now';
    if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
    if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`;
    const days = Math.floor(ms / DAY);
    return days === 1 ? '1 day ago' : `${days} days ago`;
  },
  nextApproval: 'an approval, since no sync window is going to open',
  nextCommit: 'a new commit, since the last automated sync failed',
  nextPush: 'automated sync at the next push',
  nextSync: 'SYNC, since automated sync is off',
  nextAt: (time, window, isEnd) => {
    const named = window ? (isEnd ? ` (when window '${window}' ends)` : ` (window '${window}')`) : '';
    return `automatic sync at ${time}${named}`;
  },
};

export const KOREAN: SentenceWords = {
  git: 'Git',
  notCompared: '아직 비교하지 않았습니다. 다음: 새로 고치거나 푸시하십시오.',
  ending: '동기화를 중단하는 중입니다.',
  beingDeleted: (since, holders) => `${since}부터 삭제하는 중입니다${holders ? `: ${holders}` : ''}.`,
  unknown: (message = '비교하지 못했습니다') => `알 수 없음: ${withoutStop(message)}.`,
  unknownObjects: (unknown, all) =>
    `알 수 없음: 오브젝트 ${all}개 중 ${unknown}개를 비교하지 못했습니다. 다음: 동기화 계획에서 이유를 확인하십시오.`,
  attemptFailed: (revision, message) => `${revision} 동기화가 실패했습니다: ${message}`,
  syncing: (revision, since, detail) => `${since}부터 ${revision} 동기화 중입니다${detail ? `: ${detail}` : ''}.`,
  synced: (count, place) => `동기화됨: 오브젝트 ${count}개가 모두 ${place} 상태와 같습니다.`,
  outOfSync: ({ differing, all, place, isNew, next }) => {
    const verb = isNew ? '이후로 달라졌습니다' : '상태와 다릅니다';
    return `동기화 필요: 오브젝트 ${all}개 중 ${differing}개가 ${place} ${verb}. 다음: ${next}.`;
  },
  ago: (ms) => {
    if (ms < MINUTE) return '방금';
    if (ms < HOUR) return `${Math.floor(ms / MINUTE)}분 전`;
    if (ms < DAY) return `${Math.floor(ms / HOUR)}시간 전`;
    return `${Math.floor(ms / DAY)}일 전`;
  },
  nextApproval: '열릴 동기화 창이 없으므로 승인 필요',
  nextCommit: '마지막 자동 동기화가 실패했으므로 새 커밋 필요',
  nextPush: '다음 푸시 때 자동 동기화',
  nextSync: '자동 동기화가 꺼져 있으므로 직접 동기화',
  nextAt: (time, window, isEnd) => {
    const named = window ? (isEnd ? `(‘${window}’ 동기화 창이 끝나면)` : `(‘${window}’ 동기화 창)`) : '';
    return `${time}에 자동 동기화${named}`;
  },
};

export const SENTENCE_WORDS = { en: ENGLISH, ko: KOREAN } as const;

/** Messages of others may end with a stop of their own. */
function withoutStop(message: string): string {
  return message.replace(/\.\s*$/, '');
}
