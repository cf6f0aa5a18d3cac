// The chapter's walk-through by a hawser of its own process.

import { describeWalkThroughOf } from '../walk-through/walk-through.ts';
import { createRuntimeGround } from './support/ground.ts';

describeWalkThroughOf('the sandbox', async () => {
  const ground = await createRuntimeGround();
  return {
    ...ground,
    get logs() {
      return ground.logs();
    },
    application: ground.settled,
    push: async (...pushed) => ground.done(await ground.push(...pushed)),
  };
});
