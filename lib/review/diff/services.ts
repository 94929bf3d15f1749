/** The services that a statement is about. */
import { many, parseArn, type Statement } from '@leasehold/policy';
import { isEverything } from './allowance';

/**
 * The services of the resources in an allow statement that covers every action. The statement can apply only to actions
 * of these services. `undefined` if the statement may apply to any service.
 */
export function servicesOfResources({ Resource }: Statement): readonly string[] | undefined {
  const services = many(Resource).map((text) => parseArn(text)?.service.toLowerCase() ?? '');
  return services.length > 0 && services.every((service) => /^[\w-]+$/.test(service))
    ? [...new Set(services)]
    : undefined;
}

/** Whether a statement applies to the actions of every service that it does not exclude. */
export function isOfEveryService(statement: Statement): boolean {
  const { Action, NotAction } = statement;
  const every = NotAction !== undefined || many(Action).some(isEverything);
  return every && servicesOfResources(statement) === undefined;
}

/** The services in the actions of a statement, in lower case. */
export function namedServices({ Action, NotAction }: Statement): readonly string[] {
  return [...many(Action), ...many(NotAction)].flatMap((pattern) => {
    const service = pattern.slice(0, Math.max(pattern.indexOf(':'), 0)).toLowerCase();
    return /^[\w-]+$/.test(service) ? [service] : [];
  });
}
