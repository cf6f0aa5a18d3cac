// On its way.

import type { Application } from '../../../application/types.ts';
import { Loading } from '../parts/loading.tsx';
import { Sheet } from '../parts/sheet.tsx';

export default function ParametersSheet({ app, onClose }: { readonly app: Application; readonly onClose: () => void }) {
  return (
    <Sheet title={app.metadata.name} onClose={onClose}>
      <Loading />
    </Sheet>
  );
}
