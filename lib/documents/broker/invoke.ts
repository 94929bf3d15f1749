/** Maps each kind of caller to the broker routes that these callers may call. */
import { type CallerKind, ROUTES, type Route } from '@leasehold/contract/routes';
import type { Agent, Environment } from '@leasehold/definitions';
import { brokerApiArn, isBrokered } from './names';

/** ARNs of the routes that one kind of caller may call, in the order of the route table. */
export function routeArns(kind: CallerKind, environment: Environment): readonly string[] {
  return Object.values<Route>(ROUTES)
    .filter(({ callers }) => callers.includes(kind))
    .map(({ method, path }) => brokerApiArn(environment, `${method}${path.replace(/\{[^}]*\}/g, '*')}`));
}

/** Whether an agent may request at least one role from the broker. */
export function asksBroker(agent: Agent, environment: Environment): boolean {
  if (environment.broker === undefined) return false;
  return environment.roles.some((role) => isBrokered(role) && role.broker?.eligible.agents.includes(agent.name));
}
