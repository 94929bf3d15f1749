/** The files of a starter project. Data: nothing here decides. */
import { AGENT } from './agent-text';
import { BROKER_README, BROKER_ROLE_YAML, BROKER_YAML, projectYaml, ROLE_YAML, ROLES_README } from './definition-texts';
import { readme } from './readme-text';
import type { StarterFile } from './starter-file';
import { workflows } from './workflows';

/** Every file of the starter project but `package.json` and `.gitignore`, sorted by path. */
export function starterFiles(project: string): readonly StarterFile[] {
  return [
    ...workflows(),
    { path: 'README.md', text: readme(project) },
    { path: 'agent/upload.mjs', text: AGENT },
    { path: 'cdktf.json', text: `${JSON.stringify(cdktf(project), undefined, 2)}\n` },
    { path: 'examples/broker/README.md', text: BROKER_README },
    { path: 'examples/broker/broker.yaml', text: BROKER_YAML },
    { path: 'examples/broker/s3-list.yaml', text: BROKER_ROLE_YAML },
    { path: 'roles/README.md', text: ROLES_README },
    { path: 'roles/project.yaml', text: projectYaml(project) },
    { path: 'roles/s3-upload.yaml', text: ROLE_YAML },
  ];
}

/** What Git leaves out: dependencies, what synth writes, state, and plans. */
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
    // With `--no`, npx does not fetch whatever the registry has under the name when Leasehold is not installed.
    app: 'npx --no -- leasehold synth',
    projectId: project,
    sendCrashReports: 'false',
    terraformProviders: [],
    terraformModules: [],
    context: {},
  };
}
