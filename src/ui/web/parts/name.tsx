// A long name, which may wrap after `-`, `/`, `.`, `:` and `@`, and is never cut.

interface Props {
  readonly children: string;
  readonly isMono?: boolean;
}

export function Name({ children, isMono = false }: Props) {
  const parts = children.split(/(?<=[-/.:@_])/);
  return (
    <span class={isMono ? 'mono' : undefined} translate={false}>
      {parts.map((part, index) => (
        <>
          {index > 0 && <wbr />}
          {part}
        </>
      ))}
    </span>
  );
}

/** A commit by its first seven characters, whole on hover; a version of a chart, or a branch, as it is. */
export function Revision({ children }: { readonly children: string | undefined }) {
  if (!children) return <span>–</span>;
  const isCommit = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(children);
  return (
    <span class="mono" title={children} translate={false}>
      {isCommit ? children.slice(0, 7) : children}
    </span>
  );
}
