/** The files of a starter project, as data. */
import { AGENT } from './agent-text';
import { BROKER_README, BROKER_ROLE_YAML, BROKER_YAML, projectYaml, ROLE_YAML, rolesReadme } from './definition-texts';
import type { ExternalYaml } from './external-text';
import { readme } from './readme-text';
import type { StarterFile } from './starter-file';
import { workflows } from './workflows';

/** Content for a starter project. This content replaces the starter's own role. */
export interface StarterContent {
  /** Files with definitions, except `project.yaml`. */
  readonly definitions: readonly StarterFile[];
  /** Variables of the environment, each with an example value. */
  readonly variables: Readonly<Record<string, string>>;
  /** External roles (not managed by Leasehold) that the project's roles pass or assume. */
  readonly external: ExternalYaml;
}

/** Every file of the starter project except `package.json` and `.gitignore`, sorted by path. */
export function starterFiles(project: string, content?: StarterContent): readonly StarterFile[] {
  const { definitions, variables, external } = content ?? ownContent(project);
  const [first] = definitions;
  const files = [
    ...workflows(),
    { path: 'README.md', text: readme(project, content === undefined) },
    { path: 'cdktf.json', text: `${JSON.stringify(cdktf(project), undefined, 2)}\n` },
    { path: 'roles/README.md', text: rolesReadme(first?.path.replace('roles/', '') ?? '') },
    { path: 'roles/project.yaml', text: projectYaml(project, variables, external) },
    ...(content === undefined ? EXAMPLES : []),
    ...definitions,
  ];
  return files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

function ownContent(project: string): StarterContent {
  return {
    definitions: [{ path: 'roles/s3-upload.yaml', text: ROLE_YAML }],
    variables: { artefact_bucket: `${project}-dev-artefacts` },
    external: {},
  };
}

/** Files that accompany the upload role. */
const EXAMPLES: readonly StarterFile[] = [
  { path: 'agent/upload.mjs', text: AGENT },
  { path: 'examples/broker/README.md', text: BROKER_README },
  { path: 'examples/broker/broker.yaml', text: BROKER_YAML },
  { path: 'examples/broker/s3-list.yaml', text: BROKER_ROLE_YAML },
];

/** Paths that Git ignores: dependencies, the output of synth, Terraform state, and plans. */
export const IGNORED: readonly string[] = [
  'node_modules/',
  'cdktf.out/',
  '.terraform/',
  '*.tfstate',
  '*.tfstate.backup',
  'plans/',
  'reviews/',
];

function cdktf(project: string) {
  return {
    language: 'typescript',
    // If Leasehold is not installed, `--no` prevents npx from downloading a package with that name from the registry.
    app: 'npx --no -- leasehold synth',
    projectId: project,
    sendCrashReports: 'false',
    terraformProviders: [],
    terraformModules: [],
    context: {},
  };
}
