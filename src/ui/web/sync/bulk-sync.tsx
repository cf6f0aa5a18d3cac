// Several Applications synced at once.

interface Props {
  /** `argocd/guestbook`. */
  readonly keys: readonly string[];
  readonly onClose: () => void;
}

export default function BulkSync(_: Props) {
  return null;
}
