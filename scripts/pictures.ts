/**
 * Writes the pictures of the README: who can reach what, from `leasehold graph`, and a recording of `leasehold sandbox --demo`.
 * `npm run pictures`; a test fails when a picture is not what this writes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../lib/cli/program';
import { reachPicture } from './pictures/reach';
import { recordingPicture } from './pictures/recording';

const ROOT = join(__dirname, '..');
/** Where the pictures are: the site publishes the folder above as its own. */
export const PICTURES = join(ROOT, 'docs', 'public', 'pictures');

/** File name → text of every picture. */
export async function pictures(): Promise<ReadonlyMap<string, string>> {
  const demo = await printed(['sandbox', '--demo']);
  // The record of CloudTrail after the story has times and random ids.
  const story = demo.slice(0, demo.indexOf('\nWhat CloudTrail keeps'));
  return new Map([
    ['reach.svg', reachPicture(await printed(['graph', '--env', 'dev']))],
    ['demo.svg', recordingPicture('npx leasehold sandbox --demo', story)],
  ]);
}

/** What a command prints about the reference project. */
async function printed(line: readonly string[]): Promise<string> {
  let text = '';
  const code = await run(line, {
    out: (part) => {
      text += part;
    },
    err: () => {},
    outColumns: undefined,
    errColumns: undefined,
    cwd: ROOT,
    env: {},
    today: '2026-11-30',
  });
  if (code !== 0) throw new Error(`leasehold ${line.join(' ')} ended with ${code}`);
  return text;
}

if (require.main === module) {
  void pictures().then((all) => {
    for (const [name, text] of all) writeFileSync(join(PICTURES, name), text);
  });
}
