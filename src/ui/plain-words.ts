// What the pages that need no script say: the login, and why something cannot be shown.

import type { Looks } from './shell.ts';

const en = {
  logIn: 'Log in',
  intro: 'The rope between Git and your cluster.',
  loggedOut: 'You are logged out.',
  logInWith: (provider: string) => `Log in with ${provider}`,
  or: 'or with a local account',
  name: 'Name',
  password: 'Password',
  firstPassword: 'First time here? Where the password of admin is',
  firstPasswordText: 'It was made when hawser started first. Change it once you are in.',
  noWay: 'Nobody can log in: there is no local account, and no OIDC provider is set.',
  noWayHint: 'Set admin.enabled or oidc.config in the ConfigMap argocd-cm.',
  /** The server's own words. */
  problem: (_: string, message: string) => message,
  language: 'Language',
  error: 'This cannot be shown',
  back: 'To the Applications',
};

type PlainWords = typeof en;

const PROBLEMS_KO: Readonly<Record<string, string>> = {
  Unauthenticated: '이름 또는 비밀번호가 올바르지 않습니다.',
  InvalidInput: '이름과 비밀번호를 입력하세요.',
  TooMany: '로그인 시도가 너무 많습니다. 잠시 후 다시 시도하세요.',
};

const ko: PlainWords = {
  logIn: '로그인',
  intro: 'Git과 클러스터를 잇는 밧줄.',
  loggedOut: '로그아웃되었습니다.',
  logInWith: (provider) => `${provider}(으)로 로그인`,
  or: '또는 로컬 계정으로 로그인',
  name: '이름',
  password: '비밀번호',
  firstPassword: '처음이신가요? admin 비밀번호 확인 방법',
  firstPasswordText: 'hawser를 처음 시작할 때 만들어진 비밀번호입니다. 로그인한 뒤 변경하세요.',
  noWay: '로그인할 수 있는 로컬 계정도, 설정된 OIDC 제공자도 없습니다.',
  noWayHint: 'ConfigMap argocd-cm에서 admin.enabled 또는 oidc.config를 설정하세요.',
  problem: (code, message) => PROBLEMS_KO[code] ?? message,
  language: '언어',
  error: '표시할 수 없습니다',
  back: '애플리케이션으로',
};

const WORDS: Readonly<Record<Looks['language'], PlainWords>> = { en, ko };

export function plainWords({ language }: Pick<Looks, 'language'>): PlainWords {
  return WORDS[language];
}
