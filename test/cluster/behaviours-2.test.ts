import { describeRealBehaviours } from '../support/real-behaviours.ts';

await describeRealBehaviours({ part: 2, of: 4 });
