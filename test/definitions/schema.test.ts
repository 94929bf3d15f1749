/** What editors and readers are told is what the loader does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parseAllDocuments } from 'yaml';
import { COMPLAINTS } from '../../lib/definitions/complaints';
import { JSON_SCHEMA_FILE, jsonSchema, jsonSchemaText } from '../../lib/definitions/json-schema';
import * as limits from '../../lib/definitions/limits';
import { REFERENCE_FILE, withKeyTables } from '../../lib/definitions/reference';
import { load, PROJECT, ROLE } from './support';

const ROOT = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const ANEW = 'run `npx tsx lib/definitions/write-schema.ts`';

describe('the JSON Schema', () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(jsonSchema());
  const accepts = (yaml: string) => parseAllDocuments(yaml).every((document) => validate(document.toJS()));

  it(`is the committed one; if not, ${ANEW}`, () => {
    expect(read(JSON_SCHEMA_FILE)).toBe(jsonSchemaText());
  });

  it('names a file for editors that is where the reference project looks for it', () => {
    for (const file of ['project', 'ec2-read', 's3-deploy', 'rds-query', 'cloudwatch-read']) {
      const [, path] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(read(`roles/${file}.yaml`)) ?? [];
      expect(join('roles', path ?? '')).toBe(JSON_SCHEMA_FILE);
    }
  });

  it('accepts the reference project', () => {
    for (const file of ['project', 'ec2-read', 's3-deploy', 'rds-query', 'cloudwatch-read']) {
      expect([file, accepts(read(`roles/${file}.yaml`))]).toEqual([file, true]);
    }
  });

  it.each([
    ['an unknown key', ROLE.replace('purpose:', 'porpose:')],
    ['an unknown kind', ROLE.replace('kind: Role', 'kind: Rol')],
    ['a wrong word', ROLE.replace('access: write', 'access: wirte')],
    ['an account that is a number', PROJECT.replace('"123456789012"', '123456789012')],
    ['an unknown identity', PROJECT.replace('ecs-task', 'ecs-tsak')],
    ['a name that is none', ROLE.replace('s3-deploy', 'S3_Deploy')],
    ['an empty list', ROLE.replace('[s3:PutObject]', '[]')],
    ['a parameter with a pattern and values', ROLE.replace('{ pattern:', '{ values: [a], pattern:')],
    ['a duration without a unit', `${ROLE}lease: { max: 15 }\n`],
    ['a reviewer of no provider', 'kind: Broker\nreviewer: { model: m }\n'],
    ['an approval of nobody', 'kind: Broker\napproval: { humans: 0 }\n'],
    ['a group of an agent', 'kind: Principal\ntype: agent\nname: agent\ngroups: [a]\n'],
    ['a policy with a template', 'kind: Principal\ntype: person\nname: a\npolicy: Reads ${var.x}.\n'],
    [
      'an environment to which nothing can be replaced',
      'kind: Principal\ntype: person\nname: a\nenvironments: { dev: {} }\n',
    ],
    ['eligible nobody', `${ROLE.replace('gate: mfa', 'gate: broker')}eligible: {}\n`],
    ['a key that an environment cannot replace', `${ROLE}environments: { dev: { purpose: x } }\n`],
  ])('refuses %s, as the loader does', (_, yaml) => {
    expect(accepts(yaml)).toBe(false);
    const others = [PROJECT, ROLE].filter((other) => !yaml.includes(other.slice(0, other.indexOf('\n'))));
    const files = Object.fromEntries([yaml, ...others].map((text, index) => [`${index}.yaml`, text]));
    expect(load(files).definitions).toBeUndefined();
  });

  it('has a sentence for every key, which ends with its default or says that it is required', () => {
    const silent: string[] = [];
    const walk = (schema: unknown, path: string): void => {
      if (schema === null || typeof schema !== 'object') return;
      for (const [key, inner] of Object.entries(schema)) {
        if (key !== 'properties') {
          walk(inner, `${path}/${key}`);
          continue;
        }
        for (const [name, property] of Object.entries(inner as Record<string, Record<string, unknown>>)) {
          // A key that may not stand here.
          if ((property as unknown) === false) continue;
          const isChosen = name === 'type' && typeof property.const === 'string';
          const { description, markdownDescription } = property;
          const says = /(Required|Default: .+|Exactly one of `pattern` and `values` is required)\.$/;
          if (!isChosen && !(says.test(String(description)) && markdownDescription === description))
            silent.push(`${path}/${name}`);
          walk(property, `${path}/${name}`);
        }
      }
    };
    walk(jsonSchema(), '');
    expect(silent).toEqual([]);
  });
});

describe('the reference page', () => {
  const page = read(REFERENCE_FILE);

  it(`has the tables of the schema; if not, ${ANEW}`, () => {
    expect(withKeyTables(page)).toBe(page);
  });

  it('has the sentence of every key', () => {
    const sentences = JSON.stringify(jsonSchema()).matchAll(/"markdownDescription":("(?:[^"\\]|\\.)*")/g);
    const absent = [...sentences]
      .map(([, sentence]) => JSON.parse(sentence ?? '""') as string)
      // What an environment may replace is told of in words.
      .filter(
        (sentence) => !page.includes(sentence.replaceAll('|', '\\|')) && !sentence.startsWith('Keys that replace'),
      );
    expect(absent).toEqual([]);
  });

  it('has the section that every complaint names', () => {
    const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) =>
      (title ?? '')
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(Object.entries(COMPLAINTS).filter(([, section]) => !sections.includes(section))).toEqual([]);
  });

  it('states every limit', () => {
    const written = (value: number) => value.toLocaleString('en-US');
    const unstated = Object.entries(limits).filter(([, value]) => !new RegExp(`\\b${written(value)}\\b`).test(page));
    expect(unstated).toEqual([]);
  });

  it('begins with an example that loads', () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const { definitions, findings } = load({ 'example.yaml': example });
    expect(findings).toEqual([]);
    expect(definitions?.environments[0]?.roles.map(({ name }) => name)).toEqual(['s3-deploy']);
  });

  it('shows a broker that loads', () => {
    const [, broker = ''] = /```yaml\n(kind: Broker[\s\S]*?)```/.exec(page) ?? [];
    const variables = 'user_pool: eu-west-1_A, app_client: a';
    const staging = `  staging: { account: "000000000000", region: eu-west-1, variables: { deploy_bucket: x, ${variables} } }`;
    const project = PROJECT.replaceAll('deploy_bucket:', `${variables}, deploy_bucket:`);
    const files = { 'p.yaml': project.replace('  prod:', `${staging}\n  prod:`), 'r.yaml': ROLE, 'b.yaml': broker };
    const { definitions, findings } = load(files);
    expect(findings).toEqual([]);
    expect(definitions?.environments.map((environment) => environment.broker?.reviewer?.provider)).toEqual([
      'openai',
      undefined,
      'bedrock',
    ]);
  });

  it('shows principals that load', () => {
    const [, principals = ''] = /```yaml\n(kind: Principal[\s\S]*?)```/.exec(page) ?? [];
    const { definitions, findings } = load({ 'p.yaml': PROJECT, 'r.yaml': ROLE, 'who.yaml': principals });
    expect(findings).toEqual([]);
    const known = definitions?.environments.map((environment) => environment.principals.map(({ name }) => name));
    expect(known).toEqual([['alice'], ['alice', 'worker']]);
  });

  it('shows overrides that load', () => {
    const examples = [...page.matchAll(/```yaml\n(environments:[\s\S]*?)```/g)].map(([, yaml]) => yaml ?? '');
    expect(examples).toHaveLength(2);
    const project = PROJECT.replace(
      '  prod:',
      '  staging: { account: "000000000000", region: eu-west-1, variables: { deploy_bucket: x } }\n  prod:',
    );
    for (const example of examples) {
      const files = { 'p.yaml': project, 'r.yaml': `${ROLE}${example}`, 'o.yaml': ROLE.replace('s3-deploy', 'other') };
      expect(load(files).findings).toEqual([]);
    }
  });
});
