// 3scale's kinds: what their conditions that are True mean (Argo CD: resource_customizations/{apps,capabilities}.3scale.net).

import { health } from '../check.ts';
import {
  type Assess,
  conditions,
  type Family,
  first,
  get,
  judgeConditions,
  messageOr,
  type Row,
  readConditions,
  waiting,
  when,
} from '../rules.ts';

const isId = (value: unknown) => typeof value === 'number' && value > 0;

/** The texts of a kind's failures, by the condition that tells them. */
function capability(
  name: string,
  good: 'Ready' | 'Synced',
  failures: Readonly<Record<string, string>>,
  ...more: readonly Row[]
): Assess {
  const rows = Object.entries(failures).map(
    ([type, text]): Row => [`${type}=True`, 'Degraded', messageOr(`3scale ${name} ${text}`)],
  );
  const goodRow: Row = [`${good}=True`, 'Healthy', `3scale ${name} is ${good.toLowerCase()}`];
  return first(conditions(goodRow, ...rows, ...more), waiting(`Waiting for 3scale ${name} status...`));
}

const Invalid = 'configuration is invalid';
const Orphan = 'references non-existing resources';
const Failed = 'synchronization failed';

const WAITING_FOR_MANAGER = 'Waiting for 3scale APIManager status...';

export const THREE_SCALE: Family = {
  'apps.3scale.net/APIManager': first(
    (object) => {
      const [ready, starting, stopped] = ['ready', 'starting', 'stopped'].map(
        (state) => get(object, `status.deployments.${state}`) !== undefined,
      );
      return ready && !starting && !stopped ? health('Healthy', '3scale APIManager is available') : undefined;
    },
    (object) =>
      judgeConditions(
        ['Available=True', 'Healthy', '3scale APIManager is available'],
        ['Available', 'Degraded', ({ reason }) => `3scale APIManager is degraded: ${reason}`],
        // Without a reason it is not known to be degraded.
      )(
        readConditions(object).filter(({ status, reason }) => status === 'True' || reason),
        object,
      ),
    waiting(WAITING_FOR_MANAGER),
  ),
  'capabilities.3scale.net/ActiveDoc': capability('ActiveDoc', 'Ready', { Invalid, Orphan, Failed }),
  'capabilities.3scale.net/Application': first(
    when('status.state', 'suspended', 'Suspended', '3scale Application is suspended'),
    (object) =>
      conditions(
        ['Ready=True', 'Healthy', '3scale Application is ready'],
        ...(isId(get(object, 'status.adminId'))
          ? []
          : [['Ready', 'Degraded', messageOr('3scale Application is not ready')] as const]),
      )(object),
    waiting('Waiting for 3scale Application status...'),
  ),
  'capabilities.3scale.net/ApplicationAuth': capability('ApplicationAuth', 'Ready', { Failed: 'failed' }),
  'capabilities.3scale.net/Backend': capability('Backend', 'Synced', { Invalid, Failed }),
  'capabilities.3scale.net/CustomPolicyDefinition': capability('CustomPolicyDefinition', 'Ready', { Invalid, Failed }),
  'capabilities.3scale.net/DeveloperAccount': capability('DeveloperAccount', 'Ready', { Invalid, Failed }, [
    'Waiting=True',
    'Suspended',
    messageOr('3scale DeveloperAccount is waiting for approval'),
  ]),
  'capabilities.3scale.net/DeveloperUser': first(
    when('status.developerUserState', 'suspended', 'Suspended', '3scale Developer user is waiting for admin approval'),
    capability('DeveloperUser', 'Ready', { Invalid, Orphan, Failed }),
  ),
  'capabilities.3scale.net/OpenAPI': capability('OpenAPI', 'Ready', { Invalid, Failed: 'reconciliation failed' }),
  'capabilities.3scale.net/Product': capability('Product', 'Synced', { Invalid, Orphan, Failed }),
  'capabilities.3scale.net/ProxyConfigPromote': capability(
    'ProxyConfigPromote',
    'Ready',
    {},
    ['In-progress=True', 'Progressing', messageOr('3scale ProxyConfigPromote is in progress')],
    // The typing error is Argo CD's.
    ['Failed=True', 'Degraded', messageOr('3cale ProxyConfigPromote failed')],
  ),
  'capabilities.3scale.net/Tenant': first(
    (object) =>
      isId(get(object, 'status.tenantId')) && isId(get(object, 'status.adminId'))
        ? conditions(['Ready=True', 'Healthy', '3scale Tenant is ready'])(object)
        : undefined,
    conditions(['Ready=!True', 'Degraded', messageOr('3scale Tenant is degraded')]),
    waiting('Waiting for 3scale Tenant status...'),
  ),
};
