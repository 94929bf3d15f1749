import { type Environment, type Role, UNRESOLVED } from '@leasehold/definitions';
import { type Arn, parseArn } from '@leasehold/policy';
import { fittingFormat } from '../example-resource';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { readAllows } from '../reading';
import { resourcesOf } from '../resources';

/** A role may access only resources in its environment's partition, account and region. */
export const resourceAtHome: RoleGuardrail = {
  id: 'resource-at-home',
  title: "A resource is in the environment's own partition, account and region",
  severity: 'error',
  page: pageOf('resource-at-home'),
  over: 'role',
  *check({ role, environment, catalogue }) {
    for (const allow of readAllows(role, catalogue)) {
      for (const { text, arn, index } of resourcesOf(allow)) {
        if (arn && isBehindProfile(arn, role, environment)) continue;
        const format = () => parseArn(fittingFormat(allow.granted, text, catalogue) ?? '');
        const complaint = arn && elsewhere(text, arn, environment, format);
        if (complaint) yield { ...complaint, at: role.locate(['allow', allow.index, 'resources', index]) };
      }
    }
  },
};

function elsewhere(
  text: string,
  arn: Arn,
  environment: Environment,
  format: () => Arn | undefined,
): Omit<Complaint, 'at'> | undefined {
  for (const part of ['partition', 'account', 'region'] as const) {
    const found = arn[part];
    // Other guardrails report wildcards in partition and account, parameters, and AWS's own account.
    if (found === '' || found === environment[part] || found.includes('${') || found.includes(UNRESOLVED)) continue;
    if (part === 'account' && found === 'aws') continue;
    if (part !== 'region' && /[*?]/.test(found)) continue;
    return {
      message: `\`${text}\` is in ${part} \`${found}\`, and environment \`${environment.name}\` is ${part} \`${environment[part]}\`.`,
      hint:
        format()?.[part] === ''
          ? `Leave the ${part} empty: ARNs of such resources have no ${part}.`
          : `Write \`${environment[part]}\`, or \`\${env.${part}}\` so that it is right in every environment.`,
    };
  }
  return undefined;
}

/**
 * Whether the resource is a model that a cross-region inference profile of the role calls, in a region of the profile's
 * geography. Source: https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference-prereq.html
 */
function isBehindProfile(
  { partition, service, account, region, resource }: Arn,
  role: Role,
  home: Environment,
): boolean {
  if (partition !== home.partition || service !== 'bedrock' || account !== '') return false;
  const [, model] = /^foundation-model\/(.+)$/.exec(resource) ?? [];
  if (model === undefined) return false;
  return role.allow
    .flatMap(({ resources }) => resources.map(parseArn))
    .some((arn) => {
      if (arn?.service !== 'bedrock' || arn.region !== home.region || arn.account !== home.account) return false;
      const [, geography = '', profile] = /^inference-profile\/([a-z]+)\.(.+)$/.exec(arn.resource) ?? [];
      return profile === model && (GEOGRAPHIES[geography]?.test(region) ?? false);
    });
}

/** The regions of the geographies of inference profiles. */
const GEOGRAPHIES: Readonly<Record<string, RegExp>> = {
  us: /^us-(?:east|west)-\d$/,
  eu: /^eu-[a-z]+-\d$/,
  apac: /^ap-[a-z]+-\d$/,
  jp: /^ap-northeast-[13]$/,
  au: /^ap-southeast-[24]$/,
  global: /^[a-z]{2}-[a-z]+-\d$/,
};
