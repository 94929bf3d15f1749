import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the reference; the others draw worlds and compare. */
const REFERENCE = ['answer', 'caller', 'conditions', 'decide', 'patterns', 'statements'].map((name) => `${name}.ts`);

const read = (file: string) => readFileSync(join(__dirname, file), 'utf8');

describe('the reference', () => {
  it('has at most 500 lines', () => {
    const lines = REFERENCE.map((file) => read(file).split('\n').length - 1).reduce((sum, count) => sum + count);
    expect(lines).toBeLessThanOrEqual(500);
  });

  it('takes nothing from the engine but the types of its input', () => {
    const imports = REFERENCE.flatMap((file) => read(file).match(/^import [^;]*? from '[^']*';$/gm) ?? []);
    const foreign = imports.filter((line) => !/from '\.\/\w+';$/.test(line));
    expect(foreign).not.toEqual([]);
    for (const line of foreign) {
      const names =
        /\{(.*)\}/s
          .exec(line)?.[1]
          ?.split(',')
          .map((name) => name.trim()) ?? [];
      // `many` reads a value or a list of values.
      if (!line.startsWith('import type')) expect(names.filter((name) => !/^(type .*|many|)$/.test(name))).toEqual([]);
    }
  });

  it('is all in the folder that the count looks at', () => {
    const others = readdirSync(__dirname).filter((file) => !REFERENCE.includes(file) && !file.includes('.test.'));
    for (const file of REFERENCE)
      for (const other of others) expect(read(file)).not.toContain(`'./${other.replace('.ts', '')}'`);
  });
});
