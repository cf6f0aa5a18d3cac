// A part of a page whose script is loaded when it is shown first. (`lazy` of the router is for whole views.)

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/error.ts';
import { Problem } from './problem.tsx';

/** `const Wizard = later(() => import('./wizard.tsx'))`, of a default export. */
export function later<P extends object>(load: () => Promise<{ readonly default: ComponentType<P> }>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Later(props: P) {
    const [Part, setPart] = useState(() => loaded);
    const [error, setError] = useState<unknown>();
    useEffect(() => {
      if (Part || error !== undefined) return;
      load().then(
        (module) => {
          loaded = module.default;
          setPart(() => module.default);
        },
        (cause: unknown) => setError(new ApiError({ status: 0, message: '', cause })),
      );
    }, [error]);
    if (error !== undefined) return <Problem error={error} onRetry={() => setError(undefined)} />;
    return Part ? <Part {...props} /> : null;
  };
}
