/**
 * Translates the resources of a source into the form that roles use, with the partition, account and region of the
 * environment.
 */
import { type ActionInfo, type Catalogue, compileGlob, formatArn, hasWildcard, parseArn } from '@leasehold/policy';
import type { Refusal } from './actions';
import type { DraftResource, Home } from './model';

const NO_ARN: Refusal = {
  why: 'The resource is not an ARN with six parts, so Leasehold cannot determine which resources the statement covers.',
  instead: 'Write the complete ARN in the source, and import the source again.',
};
const OPEN_SERVICE: Refusal = {
  why: 'Its service is a wildcard.',
  instead: 'Specify the service in the source, and import the source again.',
};
const ELSEWHERE: Refusal = {
  why: 'The partition, account or region of the resource differs from that of the environment.',
  instead: 'Import it for the environment of that account and region: `--account` and `--region`.',
};

/**
 * The resources of the environment that match a resource pattern of the source, or the reason why there is no such
 * resource.
 */
export function resourcesAtHome(text: string, home: Home): readonly DraftResource[] | Refusal {
  if (/^\*+$/.test(text)) return [{ written: '*', resolved: '*' }];
  const arn = parseArn(text);
  if (arn === undefined || arn.resource === '') return NO_ARN;
  if (arn.service === '' || hasWildcard(arn.service)) return OPEN_SERVICE;
  const partitions = within(arn.partition, home.partition, '${env.partition}', []);
  // Some ARNs have no region or account, and ARNs of AWS's own resources may have `aws` as the account.
  const regions = within(arn.region, home.region, '${env.region}', ['']);
  const accounts = within(arn.account, home.account, '${env.account}', arn.account === 'aws' ? ['aws'] : ['']);
  const found = partitions.flatMap((partition) =>
    regions.flatMap((region) =>
      accounts.map((account): DraftResource => {
        const parts = { partition, region, account };
        const opened = (['region', 'account'] as const).filter((part) => hasWildcard(arn[part]));
        return {
          written: formatArn({
            ...arn,
            partition: partition.written,
            region: region.written,
            account: account.written,
          }),
          resolved: formatArn({
            ...arn,
            partition: parts.partition.resolved,
            region: parts.region.resolved,
            account: parts.account.resolved,
          }),
          ...(opened.length === 0
            ? {}
            : { narrower: `\`${text}\` is written with the environment's own ${opened.join(' and ')}.` }),
        };
      }),
    ),
  );
  return found.length > 0 ? found : ELSEWHERE;
}

interface Part {
  readonly written: string;
  readonly resolved: string;
}

/**
 * The possible values for a part of an ARN. If the part is empty or AWS's own, the part itself. Otherwise the
 * environment's value, if the part matches it.
 */
function within(text: string, own: string, template: string, others: readonly string[]): readonly Part[] {
  if (others.includes(text)) return [{ written: text, resolved: text }];
  if (!hasWildcard(text)) return text === own ? [{ written: template, resolved: own }] : [];
  const matches = compileGlob(text);
  return [
    ...(matches(own) ? [{ written: template, resolved: own }] : []),
    ...others.filter(matches).map((other) => ({ written: other, resolved: other })),
  ];
}

/** Whether an action accepts a resource. Every action accepts `*`. */
export function accepts(action: ActionInfo, { resolved }: DraftResource, catalogue: Catalogue): boolean {
  return catalogue.acceptsResource(action, resolved);
}

/** A resource scope that a person completes once per environment. */
export interface Scope {
  readonly arn: string;
  /** Variables of the environment that the ARN needs. Empty if only AWS can generate the name. */
  readonly variables: readonly string[];
}

/**
 * One ARN for each resource type on which an action works. The ARN is complete except for the name, which is a variable
 * of the environment. If AWS generates the name when the action creates the resource, there is no name for a person to
 * fill in.
 */
export function scopesOf(action: ActionInfo): readonly Scope[] {
  const all = action.resourceTypes.filter(({ arns }) => arns.length > 0);
  // An access point is another way to access a bucket that is already named.
  const direct = all.filter(({ name }) => !/^accesspoint/i.test(name));
  const listed = direct.length > 0 ? direct : all;
  const required = listed.filter((type) => type.required).map(({ arns: [format = ''] }) => format);
  // A resource inside a required resource, such as an index of a table, is accessed through the required resource.
  const types = listed.filter(({ arns: [format = ''] }) =>
    required.length === 0 ? true : required.some((whole) => format === whole || format.startsWith(`${whole}/`)),
  );
  return types.flatMap(({ name, arns }) =>
    arns.slice(0, 1).map((format) => {
      const arn = format
        .replace('${Partition}', '${env.partition}')
        .replace('${Region}', '${env.region}')
        .replace('${Account}', '${env.account}');
      let named: string | undefined;
      const filled = arn.replaceAll(/\$\{(?!env\.)([^}]+)\}/g, (_, hole: string) => {
        if (named !== undefined) return '*';
        named = variableName(hole, name, action.service);
        return isMadeByAws(hole) ? '*' : `\${var.${named}}`;
      });
      const variables = named !== undefined && filled.includes('${var.') ? [named] : [];
      return { arn: filled.replace(/\*(\/?\*)+$/, '*'), variables };
    }),
  );
}

/** Whether AWS generates the value for a placeholder. AWS generates ids; people choose names. */
function isMadeByAws(hole: string): boolean {
  return /(id|uuid|arn|hash|suffix|token)$/i.test(hole);
}

/** `TableName` of DynamoDB becomes `table_name`. `Name` alone is ambiguous, so the resource type is put before it. */
function variableName(hole: string, type: string, service: string): string {
  const words = snake(hole);
  const base = /_/.test(words) ? words : `${snake(type)}_${words}`;
  const whole = base.startsWith(`${snake(service)}_`) ? base : `${snake(service)}_${base}`;
  return whole.replace(/^[^a-z]+/, '').slice(0, 64);
}

function snake(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}
