// What deleting an Application says.

import { defineWords } from '../words/words.ts';

export const deleteWords = defineWords({
  en: {
    title: (name: string) => `Delete ${name}`,
    kind: 'What becomes of its objects',
    foreground: 'Foreground',
    background: 'Background',
    orphan: 'They stay',
    foregroundMeans:
      'The objects are deleted with everything that they made, and the Application goes when all of it is gone. (--propagation-policy foreground)',
    backgroundMeans:
      'The objects are deleted, and the cluster clears away what they made afterwards. (--propagation-policy background)',
    orphanMeans:
      'Only the Application is deleted. Its objects go on running, and nobody keeps them as Git says any more. (--cascade=false)',
    goes: 'Deleted with it',
    follows: 'And what these made',
    stays: 'What stays',
    allStay: (n: number) => (n === 1 ? 'Its one object stays.' : `All of its ${n} objects stay.`),
    nothing: 'It has no objects in the cluster.',
    nothingStays: 'Nothing.',
    stillGit: 'Git and its history are not touched.',
    why: {
      option: 'sync option Delete=false',
      helm: 'helm.sh/resource-policy: keep',
      crd: 'definitions stay with what they define',
    },
    asks: 'Before these are deleted, somebody has to confirm it once more:',
    delete: 'Delete the Application',
    mayNot: 'You may not delete this Application',
    deleting: 'It is being deleted',
    left: (n: number) => (n === 1 ? '1 object is left' : `${n} objects are left`),
    noneLeft: 'Its objects are gone.',
    waits: 'It waits for your word',
    confirm: 'Confirm the deletion',
    confirmed: 'Confirmed: the deletion goes on.',
    held: 'What holds it up',
    gone: (name: string) => `${name} is deleted.`,
    stopCascade: 'Let the objects stay after all',
    stopMeans: 'What is not deleted yet stays.',
  },
  ko: {
    title: (name) => `${name} 삭제`,
    kind: '오브젝트 처리 방식',
    foreground: 'Foreground',
    background: 'Background',
    orphan: '오브젝트 유지',
    foregroundMeans:
      '오브젝트와 그 하위 오브젝트를 모두 삭제하고, 전부 사라진 뒤 애플리케이션을 삭제합니다. (--propagation-policy foreground)',
    backgroundMeans:
      '오브젝트를 삭제하고, 하위 오브젝트는 클러스터가 나중에 정리합니다. (--propagation-policy background)',
    orphanMeans:
      '애플리케이션만 삭제합니다. 오브젝트는 계속 실행되지만 더 이상 Git에 맞춰 관리되지 않습니다. (--cascade=false)',
    goes: '함께 삭제되는 오브젝트',
    follows: '하위 오브젝트',
    stays: '남는 오브젝트',
    allStay: (n) => `오브젝트 ${n}개가 모두 남습니다.`,
    nothing: '클러스터에 오브젝트가 없습니다.',
    nothingStays: '없음',
    stillGit: 'Git과 그 이력은 바뀌지 않습니다.',
    why: {
      option: '동기화 옵션 Delete=false',
      helm: 'helm.sh/resource-policy: keep',
      crd: '정의는 정의된 오브젝트와 함께 남습니다',
    },
    asks: '다음 오브젝트는 삭제 전에 한 번 더 확인해야 합니다:',
    delete: '애플리케이션 삭제',
    mayNot: '이 애플리케이션을 삭제할 권한이 없습니다',
    deleting: '삭제하는 중입니다',
    left: (n) => `오브젝트 ${n}개가 남았습니다`,
    noneLeft: '오브젝트가 모두 삭제되었습니다.',
    waits: '확인을 기다리고 있습니다',
    confirm: '삭제 확인',
    confirmed: '확인했습니다. 삭제를 계속합니다.',
    held: '지연 사유',
    gone: (name) => `${name}을(를) 삭제했습니다.`,
    stopCascade: '오브젝트를 남기기',
    stopMeans: '아직 삭제되지 않은 오브젝트는 남습니다.',
  },
});
