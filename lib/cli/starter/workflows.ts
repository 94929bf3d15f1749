/**
 * The CI workflows of the starter project. They are the workflows in `examples/ci`, changed to use Leasehold from the
 * installed package.
 */
import { packageRoot, pageText } from '../package-root';
import type { StarterFile } from './starter-file';

export function workflows(): readonly StarterFile[] {
  return [
    { path: '.github/workflows/leasehold-plan.yml', text: changed(example('leasehold-plan.yml'), PLAN) },
    { path: '.github/workflows/leasehold-review.yml', text: changed(example('leasehold-review.yml'), REVIEW) },
  ];
}

type Change = readonly [from: string, to: string];

/** Folder of the scripts that the workflows call. */
const SCRIPTS = 'node_modules/leasehold/examples/ci';

const PLAN: readonly Change[] = [
  ['# Copy to .github/workflows/leasehold-plan.yml. docs/ci.md says', '# node_modules/leasehold/docs/ci.md says'],
  ['docs/ci.md, "Forks"', 'node_modules/leasehold/docs/ci.md, "Forks"'],
  ["      - name: Install what synth needs\n        if: hashFiles('cdktf.json') != ''\n", '      - name: Install\n'],
  ['bash examples/ci/plan.sh', `bash ${SCRIPTS}/plan.sh`],
];

const REVIEW: readonly Change[] = [
  ['# Copy to .github/workflows/leasehold-review.yml. docs/ci.md says', '# node_modules/leasehold/docs/ci.md says'],
  [
    "      # Leasehold itself, at a commit that you have chosen; without the variables, this repository's default branch.\n",
    '      # The default branch: its package-lock.json decides which Leasehold reviews.\n',
  ],
  [
    '          repository: ${{ vars.LEASEHOLD_REPOSITORY || github.repository }}\n' +
      '          ref: ${{ vars.LEASEHOLD_COMMIT || github.event.repository.default_branch }}\n',
    '          ref: ${{ github.event.repository.default_branch }}\n',
  ],
  ['- name: Build Leasehold\n        run: npm ci\n', '- name: Install\n        run: npm ci --ignore-scripts\n'],
  ['LEASEHOLD: node lib/cli/bin/leasehold.js', 'LEASEHOLD: npx --no -- leasehold'],
  ['bash examples/ci/review.sh', `bash ${SCRIPTS}/review.sh`],
  ['node examples/ci/publish.mjs', `node ${SCRIPTS}/publish.mjs`],
];

function example(name: string): string {
  const path = `examples/ci/github/${name}`;
  const text = pageText(path);
  if (text === undefined)
    throw new Error(`${packageRoot()} has no ${path}: run \`npm run build\` in Leasehold's folder`);
  return text;
}

/**
 * Applies all changes. If text that must be changed is not found, the example was edited without adjusting this file,
 * which is a defect.
 */
function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the example of a workflow has no ${JSON.stringify(from)}`);
    return before.replaceAll(from, () => to);
  }, text);
}
