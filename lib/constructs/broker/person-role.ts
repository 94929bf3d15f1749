import type { Environment } from '@leasehold/definitions';
import {
  boundaryName,
  PEOPLE_PATH,
  type PersonKind,
  personBoundary,
  personPermissions,
  personRoleName,
  personTrust,
  policyArn,
} from '@leasehold/documents';
import { Construct } from 'constructs';
import { exclusiveRole } from '../exclusive-role';
import { managedPolicies, managedPolicy } from '../managed-policy';

export interface PersonRoleProps {
  readonly kind: PersonKind;
  readonly environment: Environment;
}

/**
 * The role that people of one kind assume to call the broker. The role can be assumed only with MFA, and only with
 * the person's user name as the session name. The role permits only calls to the broker.
 */
export class PersonRole extends Construct {
  constructor(scope: Construct, id: string, { kind, environment }: PersonRoleProps) {
    super(scope, id);
    const name = personRoleName(kind, environment);
    const boundary = managedPolicy(this, {
      id: 'boundary',
      name: boundaryName(name),
      document: personBoundary(kind, environment),
      description: `Boundary of ${kind}s: they can call the broker, whatever else is attached to their role.`,
      environment,
    });
    exclusiveRole(this, {
      name,
      path: PEOPLE_PATH,
      description: `Role in which ${kind}s call the broker, with MFA and under their own names.`,
      trust: personTrust(kind, environment),
      boundaryArn: policyArn(boundaryName(name), environment),
      attached: managedPolicies(this, {
        name: `${name}-call`,
        documents: personPermissions(kind, environment),
        description: `Lets ${kind}s call the broker.`,
        environment,
      }),
      dependsOn: [boundary],
    });
  }
}
