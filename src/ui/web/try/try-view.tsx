// Try a change: edit values, see at once what would differ.

import { Page } from '../parts/page.tsx';

export default function TryView() {
  return <Page title="Try a change">…</Page>;
}
