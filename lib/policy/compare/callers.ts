/**
 * Divides all callers into a finite number of classes that `Principal` and `NotPrincipal` elements can distinguish.
 * Each class has examples. A single name represents all names that occur in no element.
 */
import { append } from '@leasehold/contract/any-length';
import { NAME_ALPHABET } from '@leasehold/contract/text';
import { deniesCaller, type Naming, namingOf, type PrincipalTest } from '../evaluate/principal';
import { EvaluationInput, type Principal } from '../evaluate/request';
import type { Rule } from './rule';

/**
 * How specifically a rule refers to a caller; 0 if the rule does not apply to the caller. A grant with a higher value
 * permits at least as much as a grant with a lower value.
 */
export type Closeness = 0 | 1 | 2 | 3;

/** A class of callers whom all rules treat in the same way. */
export interface CallerClass {
  /** Examples of the callers; empty for callers that `evaluate` cannot represent, such as CloudFront's identities. */
  readonly examples: readonly Principal[];
  /**
   * Whether the callers may have identity policies. Such policies can allow an action that the resource policy does not
   * mention.
   */
  readonly entity: boolean;
  /**
   * How specifically a rule refers to the callers, if the rule is interpreted broadly. Used if the proof must assume
   * that the rule matches.
   */
  readonly required: (rule: Rule) => Closeness;
  /**
   * How specifically a rule refers to the callers, if the rule is interpreted narrowly. Used if the proof relies on a
   * match of the rule.
   */
  readonly forbidden: (rule: Rule) => Closeness;
}

/** All classes of callers that the rules can distinguish. */
export function callerClasses(rules: readonly Rule[]): readonly CallerClass[] {
  const tests = rules.flatMap(({ principal }) => (principal === undefined ? [] : [principal]));
  const single = [...knownCallers(tests).map(knownClass), ...strangers(tests).map(strangerClass)];
  const classes = new Map<string, { examples: Principal[]; first: CallerClass }>();
  for (const one of single) {
    const name = [one.entity, ...rules.map((rule) => `${one.required(rule)}${one.forbidden(rule)}`)].join(' ');
    const known = classes.get(name);
    if (known === undefined) classes.set(name, { examples: [...one.examples], first: one });
    else append(known.examples, one.examples);
  }
  return [...classes.values()].map(({ examples, first }) => ({ ...first, examples }));
}

const CLOSENESS: Readonly<Record<Naming, Closeness>> = { none: 0, account: 1, origin: 2, self: 3 };

function knownClass(principal: Principal): CallerClass {
  // `NotPrincipal` also depends on the caller's boundary: the element never excludes a caller that has a boundary.
  const asked = new EvaluationInput({ action: 'sts:AssumeRole', resource: '*', principal, context: {} }, true);
  const bearer = principal.kind === 'web-identity' || principal.kind === 'saml';
  const allows = (test: PrincipalTest): Closeness => {
    const closeness = CLOSENESS[namingOf(test, asked)];
    // AWS does not document whether the principal '*' includes web identity and SAML callers. The principal '*' is
    // therefore compared only with another '*'.
    return closeness === 0 && bearer && test.everybody ? 1 : closeness;
  };
  return {
    examples: [principal],
    entity: asked.names.account !== undefined,
    required: ({ principal: test, effect }) => {
      if (test === undefined) return 3;
      return effect === 'Allow' ? allows(test) : deniesCaller(test, asked) ? 3 : 0;
    },
    forbidden: ({ principal: test, effect }) => {
      if (test === undefined) return 3;
      return effect === 'Allow' ? allows(test) : surelyDenies(test, asked) ? 3 : 0;
    },
  };
}

/** Whether a `Deny` applies to the caller in every interpretation. */
function surelyDenies(test: PrincipalTest, asked: EvaluationInput): boolean {
  if (!test.negated) return test.everybody || namingOf(test, asked) !== 'none';
  const { principal, names } = asked;
  if (test.everybody || strangersOf(test).length > 0) return false;
  switch (principal.kind) {
    case 'service':
      return !test.services.has(principal.name);
    case 'web-identity':
    case 'saml':
      return !test.federated.has(principal.provider);
    case 'anonymous':
      return true;
    case 'root':
      return !test.accounts.has(principal.account);
    default:
      return !(
        (names.account !== undefined && test.accounts.has(names.account)) ||
        (names.self !== undefined && test.arns.has(names.self)) ||
        (names.origin !== undefined && test.arns.has(names.origin))
      );
  }
}

/** Principal names that `evaluate` cannot match with a caller: canonical users, unique ids, CloudFront identities. */
function strangersOf({ arns, listed }: PrincipalTest): readonly string[] {
  const odd = [...arns].filter(
    (name) => !USER.test(name) && !ROLE.test(name) && !SESSION.test(name) && !FEDERATED.test(name),
  );
  return [...odd, ...listed.filter((name) => name.startsWith('CanonicalUser '))];
}

function strangers(tests: readonly PrincipalTest[]): readonly string[] {
  return [...new Set(tests.flatMap(strangersOf))];
}

/**
 * The caller class for a name from {@link strangersOf}. The name may belong to any caller, so to be safe, the class
 * also matches every other listed name.
 */
function strangerClass(name: string): CallerClass {
  const names = (test: PrincipalTest) => test.everybody || test.listed.includes(name);
  const somebody = (test: PrincipalTest) => test.accounts.size > 0 || test.arns.size > 0 || test.canonical;
  return {
    examples: [],
    entity: true,
    required: ({ principal: test }) => (test === undefined || test.negated || names(test) || somebody(test) ? 3 : 0),
    forbidden: ({ principal: test }) => (test === undefined || (!test.negated && names(test)) ? 3 : 0),
  };
}

const USER = /^arn:([a-z-]+):iam::(\d{12}):user\/\S+$/;
const ROLE = /^arn:([a-z-]+):iam::(\d{12}):role\/\S+$/;
const SESSION = new RegExp(`^arn:([a-z-]+):sts::(\\d{12}):assumed-role/([^/]+)/([${NAME_ALPHABET}]{2,64})$`);
const FEDERATED = /^arn:([a-z-]+):sts::(\d{12}):federated-user\/\S+$/;

/** Every caller that the principal elements name, and one unnamed caller of each kind. */
function knownCallers(tests: readonly PrincipalTest[]): readonly Principal[] {
  const arns = new Set(tests.flatMap((test) => [...test.arns]));
  const accounts = new Set(tests.flatMap((test) => [...test.accounts]));
  for (const arn of arns) {
    const account = /^arn:[a-z-]+:\w+::(\d{12}):/.exec(arn)?.[1];
    if (account !== undefined) accounts.add(account);
  }
  accounts.add(fresh((index) => `${111122223333 + index * 111111111}`, accounts));
  const services = new Set(tests.flatMap((test) => [...test.services]));
  services.add(fresh((index) => `service${index}.amazonaws.com`, services));
  const providers = new Set(tests.flatMap((test) => [...test.federated]));
  providers.add(fresh((index) => `arn:aws:iam::111122223333:oidc-provider/example${index}.com`, providers));
  return [
    ...[...accounts].flatMap((account) => members(account, [...arns])),
    ...[...services].map((name): Principal => ({ kind: 'service', name })),
    ...[...providers].map(
      (provider): Principal => ({ kind: provider.includes(':saml-provider/') ? 'saml' : 'web-identity', provider }),
    ),
    { kind: 'anonymous' },
  ];
}

/** The users, sessions, federated users and the root user of an account. */
function members(account: string, arns: readonly string[]): readonly Principal[] {
  const own = (form: RegExp) => arns.filter((arn) => form.exec(arn)?.[2] === account);
  const name = (index: number) => `example${index === 0 ? '' : index}`;
  const users = [...own(USER), fresh((index) => `arn:aws:iam::${account}:user/${name(index)}`, new Set(own(USER)))];
  const named = own(SESSION).map((arn) => SESSION.exec(arn) ?? []);
  const roles = new Set(own(ROLE));
  // A session's ARN does not contain the path of its role, so the role may be one of the listed roles or another role.
  for (const [, partition, , role] of named) {
    const path = fresh(
      (index) => `${name(index)}/${role}`,
      new Set([...roles].map((arn) => arn.split(':role/')[1] ?? '')),
    );
    roles.add(`arn:${partition}:iam::${account}:role/${path}`);
  }
  roles.add(fresh((index) => `arn:aws:iam::${account}:role/${name(index)}`, roles));
  const unnamed = fresh(name, new Set(named.map(([, , , , session = '']) => session)));
  const federated = own(FEDERATED);
  federated.push(fresh((index) => `arn:aws:sts::${account}:federated-user/${name(index)}`, new Set(federated)));
  return [
    ...users.map((arn): Principal => ({ kind: 'user', arn })),
    ...[...roles].flatMap((roleArn) => {
      const last = roleArn.slice(roleArn.lastIndexOf('/') + 1);
      const sessions = named.filter(([, , , role]) => role === last).map(([, , , , session = '']) => session);
      return [unnamed, ...sessions].map((sessionName): Principal => ({ kind: 'session', roleArn, sessionName }));
    }),
    ...federated.flatMap((arn) => users.map((userArn): Principal => ({ kind: 'federated-user', arn, userArn }))),
    { kind: 'root', account },
  ];
}

/** The first generated name that is not in use. */
function fresh(name: (index: number) => string, taken: ReadonlySet<string>): string {
  let index = 0;
  while (taken.has(name(index))) index += 1;
  return name(index);
}
