/**
 * Builds a temporary project that contains drafted roles. The project is used to check the roles before a person has
 * chosen values for the roles' variables.
 */
import type { PolicyDocument } from '@leasehold/policy';
import type { DraftRole, Home } from './model';

/** The variables that the roles use, sorted. */
export function variablesOf(roles: readonly DraftRole[]): readonly string[] {
  const texts = roles.flatMap(({ allow }) => allow.flatMap(({ resources }) => resources));
  const names = texts.flatMap((text) => [...text.matchAll(/\$\{var\.([^}]+)\}/g)].map(([, name = '']) => name));
  return [...new Set(names)].toSorted();
}

/** The text of a project that deploys the roles in one environment. */
export function standIn(
  roles: readonly DraftRole[],
  { home, gate }: { readonly home: Home; readonly gate: string },
): string {
  const variables = variablesOf(roles).map((name) => `      ${name}: ${standInValue(name)}\n`);
  return `kind: Project
name: imported
environments:
  here:
    account: "${home.account}"
    region: ${home.region}
${variables.length === 0 ? '' : `    variables:\n${variables.join('')}`}agents: { agent: { identity: { type: iam-user } } }
approvers: [approver]
${gate === 'broker' ? '---\nkind: Broker\napproval: { humans: 1, window: 30m }\n' : ''}`;
}

/**
 * Replaces the values of variables in a document with policy variables whose values are unknown. A proof about the
 * resulting document is therefore valid for every value of the variables.
 */
export function withOpenVariables(document: PolicyDocument, variables: readonly string[]): PolicyDocument {
  const text = variables.reduce(
    (all, name) => all.replaceAll(standInValue(name), `\${aws:PrincipalTag/var.${name}}`),
    JSON.stringify(document),
  );
  return JSON.parse(text) as PolicyDocument;
}

function standInValue(name: string): string {
  return `named-${name.replaceAll('_', '-')}-here`;
}
