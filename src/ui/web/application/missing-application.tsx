// An address of an Application that is not there, or cannot be seen: why that may be, and which names are near.

import { SearchX } from 'lucide';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { Name } from '../parts/name.tsx';
import { Problem } from '../parts/problem.tsx';
import { keyOf, pathOf } from '../state/applications.ts';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import { applicationWords } from './application-words.ts';
import { similarNames } from './similar-names.ts';

interface Props {
  readonly namespace: string;
  readonly name: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

export function MissingApplication({ namespace, name, error, onRetry }: Props) {
  const status = error instanceof ApiError ? error.status : 500;
  // Whoever may not see all is told the same of what is not there and of what is.
  if (status !== 404 && status !== 403) return <Problem error={error} onRetry={onRetry} />;
  return <NotThere namespace={namespace} name={name} isForbidden={status === 403} />;
}

function NotThere({
  namespace,
  name,
  isForbidden,
}: Omit<Props, 'error' | 'onRetry'> & { readonly isForbidden: boolean }) {
  const t = useWords(applicationWords);
  const { value } = useLoad(
    (signal) =>
      call('GET /api/v1/applications', { query: { fields: 'items.metadata.name,items.metadata.namespace' }, signal }),
    [],
  );
  const near = similarNames(value?.items ?? [], ({ metadata }) => metadata.name, name);
  return (
    <Empty icon={SearchX} title={t.unknown(`${namespace}/${name}`)}>
      <p>
        {t.unknownText} {isForbidden && t.unknownMaybeForbidden}
      </p>
      {near.length > 0 && (
        <p>
          {t.similar}{' '}
          {near.map((app, index) => (
            <>
              {index > 0 && ', '}
              <a key={keyOf(app)} href={pathOf(app)}>
                <Name>{`${app.metadata.namespace}/${app.metadata.name}`}</Name>
              </a>
            </>
          ))}
        </p>
      )}
      <Button href="/applications">{t.backToAll}</Button>
    </Empty>
  );
}
