import { describeRealBehaviours } from '../support/real-behaviours.ts';

await describeRealBehaviours({ part: 1, of: 4 });
