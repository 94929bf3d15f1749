/** Whatever passes the checks also synthesizes, and fits into what AWS takes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { hasErrors, loadDefinitions } from '@leasehold/definitions';
import { checkDefinitions } from '@leasehold/guardrails';
import * as fc from 'fast-check';
import type { Definitions } from '../../lib/definitions/model';
import { type RandomProject, randomProject, writeRandomProject } from '../support/random-project';
import { resourcesOf, type StackJson, unescaped } from '../support/synth';
import { atLeastOf } from '../support/usual-counts';

const RUNS = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 60);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, EventBridge's and S3's quota pages */
const MOST = { trust: 2048, inline: 10_240, managed: 6144, attached: 10, name: 64, policyName: 128, pattern: 2048 };

describe('property: definitions that pass the checks', () => {
  let folder: string;
  let clean = 0;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'leasehold-random-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'synthesize to stacks that AWS and Terraform take',
    async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(randomProject, async (project) => {
          run += 1;
          const definitions = await checked(join(folder, `${run}`), project);
          if (!definitions) return;
          clean += 1;
          for (const stack of stacksOf(definitions, join(folder, `${run}`, 'out'))) {
            expect(faults(stack)).toEqual([]);
          }
        }),
        { numRuns: RUNS },
      );
      // A generator whose every project is refused would prove nothing.
      expect(clean).toBeGreaterThan(atLeastOf(RUNS / 5));
      expect(clean).toBeLessThan(RUNS);
    },
    60_000 + RUNS * 500,
  );
});

async function checked(folder: string, project: RandomProject): Promise<Definitions | undefined> {
  const { definitions } = loadDefinitions(writeRandomProject(folder, project));
  if (!definitions) return undefined;
  const { findings } = await checkDefinitions(definitions, { today: '2026-11-22' });
  return hasErrors(findings) ? undefined : definitions;
}

function stacksOf(definitions: Definitions, outdir: string): readonly StackJson[] {
  return synthesizeUnchecked(definitions, { outdir }).map(({ directory }) =>
    JSON.parse(readFileSync(join(directory, 'cdk.tf.json'), 'utf8')),
  );
}

/** What AWS or Terraform would refuse, or read otherwise than it is meant. */
function faults(stack: StackJson): readonly string[] {
  const found: string[] = [];
  const hold = (good: boolean, fault: string) => {
    if (!good) found.push(fault);
  };
  const size = (text: unknown) => JSON.stringify(JSON.parse(unescaped(text))).length;

  for (const { name, assume_role_policy, description, path } of resourcesOf(stack, 'aws_iam_role')) {
    hold(size(assume_role_policy) <= MOST.trust, `trust of ${name} is too long`);
    hold(/^[\w+=,.@-]+$/.test(String(name)) && String(name).length <= MOST.name, `${name} is no role name`);
    hold(/^\/([!-~]+\/)?$/.test(String(path)), `${path} is no path`);
    hold(/^[\t\n\r -~¡-ÿ]{0,1000}$/.test(unescaped(description)), `description of ${name}: ${description}`);
    const inline = resourcesOf(stack, 'aws_iam_role_policy').filter(({ role }) => role === name);
    const total = inline.reduce((sum, { policy }) => sum + size(policy), 0);
    hold(total <= MOST.inline, `inline policies of ${name} are too long`);
    for (const { policy } of inline) hold(/^[\t\n\r -ÿ]+$/.test(unescaped(policy)), `policy of ${name}: ${policy}`);
  }
  for (const { name, policy, description } of resourcesOf(stack, 'aws_iam_policy')) {
    hold(size(policy) <= MOST.managed, `policy ${name} is too long`);
    hold(/^[\w+=,.@-]+$/.test(String(name)) && String(name).length <= MOST.policyName, `${name} is no policy name`);
    hold(String(description).length <= 1000, `description of ${name}`);
  }
  for (const type of ['aws_iam_user', 'aws_iam_role']) {
    for (const { name } of resourcesOf(stack, type)) {
      const key = type.replace('aws_iam_', '');
      const attached = resourcesOf(stack, `${type}_policy_attachment`).filter((each) => each[key] === name);
      hold(attached.length <= MOST.attached, `${attached.length} policies on ${name}`);
    }
  }
  for (const { name, event_pattern } of resourcesOf(stack, 'aws_cloudwatch_event_rule')) {
    hold(/^[\w.-]{1,64}$/.test(String(name)), `${name} is no rule name`);
    hold(size(event_pattern) <= MOST.pattern, `pattern of ${name} is too long`);
  }
  for (const { bucket } of resourcesOf(stack, 'aws_s3_bucket')) {
    hold(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(String(bucket)), `${bucket} is no bucket name`);
  }
  const names = ['aws_iam_role', 'aws_iam_user', 'aws_iam_policy'].map((type) =>
    resourcesOf(stack, type).map(({ name }) => name),
  );
  for (const all of names) hold(new Set(all).size === all.length, `two of one name in ${all}`);
  hold(!/(^|[^$])\$\{|(^|[^%])%\{/.test(JSON.stringify(stack)), 'something refers to something');
  return found;
}
