// What the first page of an empty installation says.

import { defineWords } from '../words/words.ts';

export const stepWords = defineWords({
  en: {
    title: 'Three steps to the first deployment',
    text: 'hawser brings a cluster to what Git says. It acts when somebody pushes, and does nothing in between.',
    connect: 'Connect a repository',
    connectText: 'Where the charts, kustomizations or manifests are. A public one works without this step.',
    connectDo: 'Connect a repository',
    make: 'Make an Application',
    makeText: 'It says which folder of the repository belongs into which namespace of which cluster.',
    makeDo: 'New app',
    push: 'Push',
    pushText:
      'Give the Git server this address as a webhook, with the content type application/json and the secret of argocd-secret; connecting a repository can do that for you. From then on every push is deployed.',
    copyHook: 'Copy the address of the webhook',
    orCommand: 'As a command',
    orKubectl: 'Or as a file, in Argo CD’s format',
  },
  ko: {
    title: '첫 배포까지 세 단계',
    text: 'hawser는 클러스터를 Git의 내용과 같게 만듭니다. 푸시가 있을 때만 동작하고 그 사이에는 아무것도 하지 않습니다.',
    connect: '저장소 연결',
    connectText: '차트, kustomization 또는 매니페스트가 있는 저장소입니다. 공개 저장소는 연결하지 않아도 됩니다.',
    connectDo: '저장소 연결',
    make: '애플리케이션 만들기',
    makeText: '저장소의 어느 폴더를 어느 클러스터의 어느 네임스페이스에 배포할지 정합니다.',
    makeDo: '새 앱',
    push: '푸시',
    pushText:
      'Git 서버의 웹훅에 이 주소를 등록하세요. 콘텐츠 유형은 application/json, 시크릿은 argocd-secret의 값입니다. 저장소를 연결할 때 자동으로 등록할 수도 있습니다. 그 뒤로는 푸시할 때마다 배포됩니다.',
    copyHook: '웹훅 주소 복사',
    orCommand: '명령으로',
    orKubectl: '또는 Argo CD 형식의 파일로',
  },
});
