/**
 * The library of roles: every recipe has its entry, its YAML and a decision table of ten requests under
 * `test/cases/recipes`, which the policy engine answers from the deployed policy and the boundary of every role.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDefinitions, renderFindings } from '@leasehold/definitions';
import { managedDocuments, roleArn, roleBoundary, rolePolicy } from '@leasehold/documents';
import { checkDefinitions } from '@leasehold/guardrails';
import { evaluate, prepare } from '@leasehold/policy';
import { externalText } from '../../lib/cli/starter/external-text';
import { BROKER_YAML, needsBroker, type Recipe, recipes, recipeText } from '../../lib/cli/starter/recipes';
import { expectFile } from '../cli/support';

const FOLDER = join(__dirname, '../../docs/recipes');
const CASES = join(__dirname, '../cases/recipes');
const TODAY = '2026-11-22';
const all = recipes();
const names = all.map(({ name }) => name);

/** One request, and whether a lease of the role may do it. */
interface Row {
  readonly title: string;
  readonly expect: 'allowed' | 'denied';
  /** @default the only role of the recipe */
  readonly role?: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

const rows = ({ name }: Recipe): readonly Row[] => JSON.parse(readFileSync(join(CASES, `${name}.json`), 'utf8'));

test('there are twenty-one, each with an entry, a file and a table, and nothing else is there', () => {
  expect(new Set(names).size).toBe(21);
  const files = (folder: string, ending: string) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(ending))
      .map((file) => file.slice(0, -ending.length))
      .toSorted();
  expect(files(FOLDER, '.yaml')).toEqual(names.toSorted());
  expect(files(CASES, '.json')).toEqual(names.toSorted());
});

test('docs/recipes/README.md lists them with what each cannot do', () => {
  expectFile(join(FOLDER, 'README.md'), page());
});

describe.each(all)('$name', (recipe) => {
  const loaded = load(recipe);
  const environment = () => {
    const { definitions, findings } = loaded;
    const found = definitions?.environments[0];
    if (found === undefined) throw new Error(renderFindings(findings, { color: false }));
    return found;
  };

  test('validates without any complaint, and uses each of its variables', async () => {
    const { definitions, findings } = loaded;
    const checked = definitions && (await checkDefinitions(definitions, { today: TODAY }));
    expect(renderFindings([...findings, ...(checked?.findings ?? [])], { color: false })).toBe('');
    const texts = textOf(recipe) + externalText(recipe.external ?? {});
    const used = [...texts.matchAll(/\$\{var\.(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(recipe.variables).toSorted());
  });

  test('has a table of ten, of what it can do and of what it cannot', () => {
    const table = rows(recipe);
    expect(table).toHaveLength(10);
    expect(new Set(table.map(({ title }) => title)).size).toBe(10);
    for (const expected of ['allowed', 'denied']) {
      expect(table.filter(({ expect: each }) => each === expected).length).toBeGreaterThanOrEqual(2);
    }
    const roles = environment().roles.map(({ name }) => name);
    expect(roles.filter((name) => roles.length > 1 && !table.some(({ role }) => role === name))).toEqual([]);
  });

  test.each(rows(recipe))('$title: $expect', ({ role: name, action, resource, context = {}, expect: expected }) => {
    const { roles, ...around } = environment();
    const role = roles.find((each) => each.name === (name ?? roles[0]?.name));
    if (role === undefined) throw new Error(`no role ${name}`);
    const principal = {
      kind: 'session',
      roleArn: roleArn(role, { ...around, roles }),
      sessionName: 'lh-recipe',
    } as const;
    const policies = prepare({
      identity: [rolePolicy(role), ...managedDocuments(role)],
      boundary: roleBoundary(role, { ...around, roles }),
      // A role outside lets its account decide who assumes it.
      ...(action === 'sts:AssumeRole' ? { trust: trusting(around.account) } : {}),
    });
    const { outcome } = evaluate({ action, resource, principal, context }, policies);
    expect(outcome === 'allowed' ? 'allowed' : 'denied').toBe(expected);
  });
});

function trusting(account: string) {
  const Action = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { AWS: account }, Action } };
}

function textOf(recipe: Recipe): string {
  return recipeText(recipe, { gate: 'mfa', until: '2027-03-31' });
}

/** The recipe in a project that sets its variables to the examples. */
function load(recipe: Recipe) {
  const variables = JSON.stringify(recipe.variables);
  const project = `kind: Project
name: shop
environments: { dev: { account: "123456789012", region: eu-west-1, variables: ${variables} } }
agents: { agent: { identity: { type: iam-user } } }
approvers: [oncall]
${externalText(recipe.external ?? {})}`;
  return loadDefinitions([], {
    texts: [
      { name: 'project.yaml', text: project },
      { name: `${recipe.name}.yaml`, text: textOf(recipe) },
      ...(needsBroker(recipe) ? [{ name: 'broker.yaml', text: BROKER_YAML }] : []),
    ],
  });
}

function page(): string {
  const sections = all.map(({ name, title, cannot, variables, external }) => {
    const examples = Object.entries(variables).map(([variable, value]) => `\`${variable}\` (such as \`${value}\`)`);
    return `## ${name}

**${title}.** [\`${name}.yaml\`](${name}.yaml)

${purposes(name)}

By design, ${cannot.charAt(0).toLowerCase()}${cannot.slice(1)}

${examples.length === 0 ? 'It needs no variables.' : `Variables: ${examples.join(', ')}.`}
${outside(external)}`;
  });
  return `# A library of roles

<!-- Written from recipes.json and the YAML beside it by test/recipes/recipes.slow.test.ts with LEASEHOLD_GOLDEN=write. -->

Twenty-one ready roles. Each role can be validated and synthesized without changes, and has a decision table of ten requests that a test evaluates with the policy engine ([\`test/cases/recipes\`](../../test/cases/recipes)).

\`\`\`sh
leasehold init --recipes                     # the list
leasehold init my-agent --recipe ecs-deploy  # a new project with the role
leasehold init --recipe ecs-deploy           # in a folder with a project: the role is added to it
\`\`\`

In a project that is there already, \`init\` prints the variables to set. The gate becomes \`broker\` where the project has agents
that cannot present an MFA code, and waivers end after half a year. Change what does not fit. Then \`leasehold validate\`
reports what is wrong, and \`leasehold can\` lists what the role permits. To start from an existing IAM policy, see [import](../import.md).

| recipe | for | it cannot |
| --- | --- | --- |
${all.map(({ name, title, cannot }) => `| [\`${name}\`](#${name}) | ${title} | ${cannot.replace(/^It cannot /, '')} |`).join('\n')}

${sections.join('\n')}`;
}

/** The roles that a recipe passes or assumes. */
function outside(external: Recipe['external'] = {}): string {
  const text = externalText(external);
  return text === ''
    ? ''
    : `\nThe project declares the roles that it passes or assumes; \`init\` writes this, to be corrected:\n\n\`\`\`yaml\n${text}\`\`\`\n`;
}

/** The purposes of a recipe's roles, as an approver reads them. */
function purposes(name: string): string {
  const text = readFileSync(join(FOLDER, `${name}.yaml`), 'utf8');
  return [...text.matchAll(/^name: (.+)\npurpose: (.+)$/gm)]
    .map(([, role, purpose]) => `- \`${role}\`: ${purpose}`)
    .join('\n');
}
