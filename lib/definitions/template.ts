/** Templates: `${…}` in YAML. Resolving replaces all templates except `${param.…}` and `${lease.id}`. */

import { kebabCase } from '@leasehold/contract/text';
import { type Complaint, didYouMean, listed, shown } from './complaints';
import type { Partition } from './model';
import { nearest } from './nearest';

/** The values that templates can use in one environment. */
export interface Scope {
  readonly project: string;
  readonly environment: {
    readonly name: string;
    readonly account: string;
    readonly region: string;
    readonly partition: Partition;
  };
  readonly variables: ReadonlyMap<string, string>;
  /** Whether a variable is defined but invalid. */
  readonly isBroken: (variable: string) => boolean;
}

/** The parameters that a role declares. */
export interface Declared {
  /** Whether the role declares a parameter of this name; also true for parameters with errors. */
  readonly has: (name: string) => boolean;
  readonly names: readonly string[];
  /** An IAM policy variable, in lower case, that is permitted at this position because it narrows the statement. */
  readonly narrowing?: string;
}

/** An error in a template: the invalid part of the text, and the finding about this part. */
export interface TemplateFault extends Complaint {
  readonly piece: string;
}

/** A finding about a template. `instead` is the replacement that the finding suggests, if there is one. */
interface Misread extends Complaint {
  readonly instead?: string;
}

/** The placeholder that replaces a template without a value in a draft. */
export const UNRESOLVED = 'unresolved';

/**
 * Replaces every template that has a value. An invalid template is replaced by the suggestion in its hint, or by
 * {@link UNRESOLVED}. Used only for drafts, which are used to find further errors.
 */
export function draftTemplate(text: string, scope: Scope, parameters: Declared | undefined): string {
  return text.replaceAll(/\$\{([^}]*)(\}?)/g, (piece, name: string, closing: string) => {
    const put = closing === '' ? unclosed : replacement(name, scope, parameters);
    if (put === KEPT) return piece;
    if (typeof put === 'string') return put;
    return put?.instead ?? UNRESOLVED;
  });
}

/**
 * The text with every template replaced except those of a lease; undefined if that is not possible, after the errors
 * were reported. Inserted values are data: they are not read as templates again.
 * @param parameters undefined if parameters are not permitted here
 */
export function resolveTemplate(
  text: string,
  scope: Scope,
  parameters: Declared | undefined,
  tell: (fault: TemplateFault) => void,
): string | undefined {
  if (!text.includes('${')) return text;
  let sound = true;
  const kept: string[] = [];
  const resolved = text.replaceAll(/\$\{([^}]*)(\}?)/g, (piece, name: string, closing: string) => {
    const put = closing === '' ? unclosed : replacement(name, scope, parameters);
    if (put === undefined) sound = false;
    else if (typeof put === 'object') {
      const { instead: _, ...complaint } = put;
      tell({ ...complaint, piece });
      sound = false;
    } else if (put === KEPT) kept.push(piece);
    return typeof put === 'string' ? put : '';
  });
  // All `${` in the text were replaced, so a remaining `${` was formed by joining inserted values. A `$` before a
  // parameter would make Terraform read `$${` as an escape.
  if (sound && (text.includes('$${') || /\$[{\0]/.test(resolved))) {
    tell({ ...assembled, piece: text });
    sound = false;
  }
  return sound ? resolved.replaceAll(KEPT, () => kept.shift() ?? '') : undefined;
}

/** A placeholder for a parameter. No text of a definition contains it: control characters are rejected. */
const KEPT = '\0';

const KNOWN = [
  '`${var.name}`',
  '`${param.name}`',
  '`${lease.id}`',
  '`${env.name}`',
  '`${env.account}`',
  '`${env.region}`',
  '`${env.partition}`',
  '`${project.name}`',
];
const EXPECTED = KNOWN.join(', ');

/**
 * The value of a template. If the template has no value: the error, or undefined if the error was reported elsewhere.
 */
function replacement(template: string, scope: Scope, parameters: Declared | undefined): string | Misread | undefined {
  const dot = template.indexOf('.');
  const source = dot < 0 ? template : template.slice(0, dot);
  const name = dot < 0 ? '' : template.slice(dot + 1);
  switch (source) {
    case 'var':
      if (scope.isBroken(name)) return undefined;
      return scope.variables.get(name) ?? unknownVariable(name, scope);
    case 'param':
      return parameter(name, parameters);
    case 'lease':
      return name === 'id' ? leaseId(parameters) : unknownTemplate(template, 'lease.id');
    case 'env':
      if (name === 'name' || name === 'account' || name === 'region' || name === 'partition')
        return scope.environment[name];
      return unknownTemplate(template, `env.${nearest(name, ['name', 'account', 'region', 'partition']) ?? 'name'}`);
    case 'project':
      return name === 'name' ? scope.project : unknownTemplate(template, 'project.name');
    default:
      return unknownSource(template, source, name, parameters);
  }
}

/** The lease's own id, which is permitted wherever a parameter is. */
function leaseId(parameters: Declared | undefined): string | Complaint {
  if (parameters !== undefined) return KEPT;
  return {
    id: 'template-misplaced',
    message: 'The id of the lease, `${lease.id}`, is not permitted here: it is known only when a lease is requested.',
    expected: 'the id in `resources` or in the values of `conditions`',
    hint: 'Use a variable of the environment, `${var.name}`, or write the value itself.',
  };
}

function parameter(name: string, parameters: Declared | undefined): string | Complaint {
  if (parameters === undefined) {
    return {
      id: 'template-misplaced',
      message: `The parameter \`\${param.${name}}\` is not permitted here: its value is known only when a lease is requested.`,
      expected: 'a parameter in `resources` or in the values of `conditions`',
      hint: 'Use a variable of the environment, `${var.name}`, or write the value itself.',
    };
  }
  if (parameters.has(name)) return KEPT;
  const meant = nearest(name, parameters.names);
  return {
    id: 'unknown-parameter',
    message: `The parameter ${shown(name)} is not declared${didYouMean(meant)}`,
    expected: parameters.names.length === 0 ? 'a name under `parameters`' : `one of ${listed(parameters.names)}`,
    hint: meant === undefined ? `Declare \`${name}\` under \`parameters\`.` : `Write \`\${param.${meant}}\`.`,
  };
}

function unknownVariable(name: string, { variables }: Scope): Misread {
  const meant = nearest(name, variables.keys());
  const instead = meant === undefined ? undefined : variables.get(meant);
  return {
    ...(instead === undefined ? {} : { instead }),
    id: 'unknown-variable',
    message: `The variable ${shown(name)} is not set${didYouMean(meant)}`,
    expected:
      variables.size === 0 ? "a name under the environment's `variables`" : `one of ${listed(variables.keys())}`,
    hint:
      meant === undefined ? `Set \`${name}\` under \`variables\` of the environment.` : `Write \`\${var.${meant}}\`.`,
  };
}

function unknownTemplate(template: string, meant: string): Complaint {
  return {
    id: 'template-syntax',
    message: `${shown(`\${${template}}`)} is not a known template.`,
    expected: `one of ${EXPECTED}`,
    hint: `Write \`\${${meant}}\`.`,
  };
}

/**
 * IAM's escapes for a literal character (`${*}`, `${?}`, `${$}`) stay unchanged, because they are narrower than the
 * wildcard. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
function unknownSource(
  template: string,
  source: string,
  name: string,
  parameters: Declared | undefined,
): string | Misread {
  if (parameters !== undefined && /^[*?$]$/.test(template)) return KEPT;
  if (parameters?.narrowing === template.toLowerCase()) return KEPT;
  if (/^(aws|saml|[a-z0-9.-]+):|^[*?$]$/.test(template)) return policyVariable(template);
  const meant = nearest(source.trim(), ['var', 'param', 'env', 'project']);
  return {
    id: 'template-syntax',
    message: `${shown(`\${${template}}`)} is not a known template.`,
    expected: `one of ${EXPECTED}`,
    hint:
      meant === undefined || name === ''
        ? 'Write one of the expected templates, without spaces inside the braces.'
        : `Write \`\${${meant}.${name.trim()}}\`.`,
  };
}

/**
 * The error for an IAM policy variable, with its replacement in definitions. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function policyVariable(variable: string): Misread {
  const message = `${shown(`\${${variable}}`)} is an IAM policy variable, which definitions cannot contain.`;
  const fault = (hint: string, instead?: string): Misread => ({
    id: 'template-syntax',
    message,
    expected: `one of ${EXPECTED}`,
    hint,
    ...(instead === undefined ? {} : { instead }),
  });
  const [, tag] = /^aws:principaltag\/(.+)$/i.exec(variable) ?? [];
  if (tag !== undefined) {
    const name = parameterName(tag);
    return fault(
      `Write \`\${param.${name}}\` and declare \`parameters: { ${name}: { description: …, pattern: … } }\`: it is deployed as \`\${aws:PrincipalTag/param.${name}}\`, and only a lease can set it.`,
      `\${param.${name}}`,
    );
  }
  const why = NOT_NARROWING[variable.toLowerCase()];
  if (why !== undefined)
    return fault(`${why} Declare a parameter and write \`\${param.name}\`, or write the value out.`);
  const own = OWN_VARIABLES[variable.toLowerCase()];
  if (own !== undefined) return fault(`Write \`${own.write}\`: ${own.why}.`, own.write);
  return fault('Declare a parameter and write `${param.name}`: it is deployed as `${aws:PrincipalTag/param.name}`.');
}

/** Policy variables that have the same value in every session of a lease, and the template to use instead. */
const OWN_VARIABLES: Readonly<Record<string, { readonly write: string; readonly why: string }>> = {
  'aws:username': { write: '${lease.id}', why: 'a session has no user name; its session name is the id of the lease' },
  'aws:principalaccount': { write: '${env.account}', why: 'a role has the account of its environment' },
  'aws:resourceaccount': { write: '${env.account}', why: 'a role reaches resources of its own account' },
  'aws:requestedregion': { write: '${env.region}', why: 'whoever makes the request chooses its region' },
  'aws:principaltype': { write: 'AssumedRole', why: 'a lease is a session of a role' },
  'aws:userid': {
    write: '${lease.id}',
    why: 'the part of the user id that differs between sessions is the id of the lease',
  },
};

/**
 * Policy variables that limit nothing, because the caller chooses their value with each request or because they have no
 * value in a lease.
 */
const NOT_NARROWING: Readonly<Record<string, string>> = {
  's3:prefix': 'The caller chooses the prefix of a listing, so the variable limits nothing.',
  's3:max-keys': 'The caller chooses the length of a listing, so the variable limits nothing.',
  'sns:endpoint': 'The caller chooses the endpoint, so the variable limits nothing.',
  'sns:protocol': 'The caller chooses the protocol, so the variable limits nothing.',
  'aws:useragent': 'The caller chooses the user agent, so the variable limits nothing.',
  'aws:referer': 'The caller chooses the referer, so the variable limits nothing.',
  'aws:currenttime': 'The caller chooses the time of the call, so the variable limits nothing.',
  'aws:epochtime': 'The caller chooses the time of the call, so the variable limits nothing.',
  'ec2:sourceinstancearn':
    'A lease does not run on an EC2 instance, so this variable has no value and matches nothing.',
};

/**
 * The policy variable that narrows the values of a condition, in lower case: for a tag in a request, the same tag of
 * the resource, so that a change keeps the tag. AWS takes the variable's value from the resource, and the condition is
 * false if the resource does not have the tag.
 */
export function narrowingVariable(conditionKey: string): string | undefined {
  const [, tag] = /^aws:requesttag\/(.+)$/i.exec(conditionKey) ?? [];
  return tag === undefined ? undefined : `aws:resourcetag/${tag.toLowerCase()}`;
}

/** A tag key as the name of a parameter. */
function parameterName(tag: string): string {
  const name = kebabCase(tag)
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 31)
    .replace(/-+$/, '');
  return name === '' ? 'name' : name;
}

const unclosed: Misread = {
  id: 'template-syntax',
  message: 'Here `${` is not closed by `}`.',
  hint: 'Close it, as in `${var.name}`.',
};

const assembled: Complaint = {
  id: 'template-assembled',
  message: 'There is a `$` before a template, or before a brace after the variables are replaced.',
  expected: 'a text in which every `$` begins a template',
  hint: 'Remove that `$`: it may be at the end of a variable.',
};
