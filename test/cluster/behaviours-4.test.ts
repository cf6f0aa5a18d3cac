import { describeRealBehaviours } from '../support/real-behaviours.ts';

await describeRealBehaviours({ part: 4, of: 4 });
