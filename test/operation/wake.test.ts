// A wake from outside: looks at everything once, however many ask, and waits for the work within bounds.

import { describe, expect, it } from 'vitest';
import { createWaking } from '../../src/operation/wake.ts';

function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('waking up', () => {
  it('looks at everything once for all that ask at the same time, the start among them', async () => {
    const { opened, open } = gate();
    let looks = 0;
    const { resume, wake } = createWaking(
      async () => {
        looks++;
        await opened;
      },
      async () => undefined,
    );
    const all = [resume(), wake(), wake()];
    open();
    await Promise.all(all);
    expect(looks).toBe(1);
    await wake();
    expect(looks).toBe(2);
  });

  it('answers when all is done, or that there is more to do', async () => {
    const { opened, open } = gate();
    const { wake } = createWaking(
      async () => undefined,
      () => opened,
    );
    expect(await wake(5)).toEqual({ isIdle: false });
    open();
    expect(await wake(60_000)).toEqual({ isIdle: true });
  });

  it('fails as the look fails, and the next one looks again', async () => {
    let isAway = true;
    const { wake } = createWaking(
      async () => {
        if (isAway) throw new Error('away');
      },
      async () => undefined,
    );
    await expect(wake()).rejects.toThrow('away');
    isAway = false;
    expect(await wake()).toEqual({ isIdle: true });
  });
});
