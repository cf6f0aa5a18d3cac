// An address that says no namespace: where the Application of that name is.

import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call } from '../api/call.ts';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { pathOf } from '../state/applications.ts';
import { useLoad } from '../state/load.ts';

export default function FindOne({ name }: { readonly name: string }) {
  const { url, route } = useLocation();
  const { value, error, reload } = useLoad(
    (signal) => call('GET /api/v1/applications/{name}', { params: { name }, query: { fields: 'metadata' }, signal }),
    [name],
  );
  useEffect(() => {
    if (value) route(`${pathOf(value)}${new URL(url, location.origin).search}`, true);
  }, [value]);
  return <Page title={name}>{error === undefined ? <Loading /> : <Problem error={error} onRetry={reload} />}</Page>;
}
