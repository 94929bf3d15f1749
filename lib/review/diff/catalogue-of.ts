/** The part of the action catalogue that a review needs: the services that occur in the changed policies. */

import type { Catalogue } from '@leasehold/policy';
import { loadCatalogue, many, type PolicyDocument } from '@leasehold/policy';
import { isEverything } from './allowance';
import { statementsOf } from './equal-values';
import { namedServices, servicesOfResources } from './services';

/**
 * Loads the services that occur in the documents. If a wildcard matches all services, some well-known services are
 * loaded too.
 */
export function catalogueOf(documents: Iterable<PolicyDocument>): Promise<Catalogue> {
  const services = new Set<string>();
  for (const document of documents) {
    for (const statement of statementsOf(document)) {
      for (const service of namedServices(statement)) services.add(service);
      const every = statement.NotAction !== undefined || many(statement.Action).some(isEverything);
      for (const service of every ? (servicesOfResources(statement) ?? TELLING) : []) services.add(service);
      for (const keys of Object.values(statement.Condition ?? {})) {
        for (const key of Object.keys(keys)) {
          const prefix = key.slice(0, Math.max(key.indexOf(':'), 0)).toLowerCase();
          if (/^[a-z0-9-]+$/.test(prefix) && prefix !== 'aws') services.add(prefix);
        }
      }
    }
  }
  return loadCatalogue(services);
}

/** Well-known services, which come to a reviewer's mind first when a policy allows everything. */
const TELLING = ['iam', 's3', 'kms', 'lambda', 'secretsmanager', 'sts'];
