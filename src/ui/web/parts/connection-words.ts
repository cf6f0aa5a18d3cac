// Whether something that hawser is connected to can be reached, and what to do where it cannot.

import { defineWords } from '../words/words.ts';

export const connectionWords = defineWords({
  en: {
    Successful: 'Connected',
    Failed: 'Not reached',
    Unknown: 'Not tried yet',
    trying: 'Trying…',
    tried: 'tried',
    kinds: {
      name: 'The name of the server is not known. Check the address, and the DNS of where hawser runs.',
      refused: 'Nothing listens there, or a firewall ends the connection. Check the port.',
      timeout: 'The server does not answer in time. Check the network between hawser and it.',
      plain: 'The server speaks no TLS there. Write http://, or the port of HTTPS.',
      certificate: 'The certificate of the server is not trusted. Add its CA, or check the name in the address.',
      credentials: 'The server wants other credentials. Check the user, password or token, and whether it has expired.',
      forbidden: 'The server knows these credentials, and does not permit this to them.',
      missing:
        'The server has no such thing. Check the path of the address; private ones are hidden without credentials.',
      proxy: 'The proxy does not let it through, or cannot be reached.',
      unsupported: 'hawser cannot use this.',
      other: 'It cannot be reached.',
    },
  },
  ko: {
    Successful: '연결됨',
    Failed: '연결 안 됨',
    Unknown: '아직 확인 안 함',
    trying: '확인 중…',
    tried: '확인',
    kinds: {
      name: '서버 이름을 찾을 수 없습니다. 주소와 hawser가 실행되는 곳의 DNS를 확인하세요.',
      refused: '그 주소에서 응답하는 서버가 없거나 방화벽이 막고 있습니다. 포트를 확인하세요.',
      timeout: '서버가 제시간에 응답하지 않습니다. hawser와 서버 사이의 네트워크를 확인하세요.',
      plain: '그 포트에서는 TLS를 쓰지 않습니다. http://로 쓰거나 HTTPS 포트를 지정하세요.',
      certificate: '서버 인증서를 신뢰할 수 없습니다. CA를 추가하거나 주소의 이름을 확인하세요.',
      credentials: '서버가 다른 인증 정보를 요구합니다. 사용자, 비밀번호, 토큰과 만료 여부를 확인하세요.',
      forbidden: '서버가 이 인증 정보는 알지만 권한을 주지 않습니다.',
      missing: '서버에 그런 항목이 없습니다. 주소의 경로를 확인하세요. 비공개 항목은 인증 정보 없이는 보이지 않습니다.',
      proxy: '프록시가 통과시키지 않거나 프록시에 연결할 수 없습니다.',
      unsupported: 'hawser가 사용할 수 없는 방식입니다.',
      other: '연결할 수 없습니다.',
    },
  },
});
