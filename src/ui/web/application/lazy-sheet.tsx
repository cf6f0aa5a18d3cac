// A sheet that is loaded when it is opened first: the page stays as it is meanwhile, and tells when it cannot be had.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';

export interface SheetProps {
  readonly app: Application;
  readonly onClose: () => void;
}

type Load = () => Promise<{ readonly default: ComponentType<SheetProps> }>;

const loaded = new Map<Load, ComponentType<SheetProps>>();

/** `title` stands above while it loads. */
export function LazySheet({ load, title, ...props }: SheetProps & { readonly load: Load; readonly title: string }) {
  const [, setTurn] = useState(0);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let isGone = false;
    if (loaded.has(load)) return;
    load().then(
      (module) => {
        loaded.set(load, module.default);
        if (!isGone) setTurn((turn) => turn + 1);
      },
      (problem: unknown) => {
        if (!isGone) setError(problem);
      },
    );
    return () => {
      isGone = true;
    };
  }, [load]);
  const Loaded = loaded.get(load);
  if (Loaded) return <Loaded {...props} />;
  return (
    <Sheet title={title} onClose={props.onClose}>
      {error === undefined ? <Loading /> : <Problem error={error} onRetry={() => location.reload()} />}
    </Sheet>
  );
}
