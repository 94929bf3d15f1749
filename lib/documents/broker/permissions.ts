/** The broker's execution role: the principal that the trust of a broker-gated role names. */
import type { Environment } from '../../definitions/model';
import type { PolicyDocument } from '../../policy/document';
import { askBoundary, askDocuments } from '../ask';
import { roleArn } from '../names';

/** Whether any role of the environment has gate `broker`. */
export function hasBroker(environment: Environment): boolean {
  return brokered(environment).length > 0;
}

/** The policies that let the broker open exactly the broker-gated roles. */
export function brokerPermissions(environment: Environment): readonly PolicyDocument[] {
  return askDocuments(brokered(environment));
}

/** The broker's permissions boundary. */
export function brokerBoundary(environment: Environment): PolicyDocument {
  return askBoundary(brokered(environment), environment);
}

/** Only the Lambda service takes on the broker's role. */
export function brokerTrust(): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
}

function brokered(environment: Environment): readonly string[] {
  return environment.roles.filter((role) => role.gates.includes('broker')).map((role) => roleArn(role, environment));
}
