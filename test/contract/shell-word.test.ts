/** A word that a person pastes is one argument of a shell, whatever it contains. */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { onOneLine, shellOperand, shellOption, shellWord } from '@leasehold/contract/text';
import { loadDefinitions } from '@leasehold/definitions';
import fc from 'fast-check';

/** The arguments that a shell passes to a command. */
function argumentsIn(line: string): readonly string[] {
  const output = execFileSync('/bin/sh', ['-c', `show() { printf '%s\\0' "$@"; }; show ${line}`], { encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

it.each([
  '',
  'plain',
  'a b',
  "it's",
  '$(id)',
  '`id`',
  'a;id',
  'a|id',
  'a&id',
  '~',
  '*',
  '!!',
  '"',
  '#x',
  'a\nid',
  '\\',
])('%j is one argument', (text) => {
  expect(argumentsIn(shellWord(text))).toEqual([onOneLine(text)]);
});

it('any texts are as many arguments', () => {
  const word = fc.string({ unit: fc.constantFrom(...'ab \'"$`\\!*?~;&|<>(){}[]#=\n\t-'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      expect(argumentsIn(words.map(shellWord).join(' '))).toEqual(words.map(onOneLine));
    }),
    { numRuns: 40 },
  );
});

it.each([
  ['lh-1', '--name lh-1', 'lh-1'],
  ['-x', '--name=-x', '-- -x'],
  ['--profile=a b', "--name='--profile=a b'", "-- '--profile=a b'"],
  ['', "--name ''", "''"],
])('%j is no option of a program', (text, option, operand) => {
  expect([shellOption('--name', text), shellOperand(text)]).toEqual([option, operand]);
});

it('a text is always the value of its option, and the only operand', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab-= \'"$`\n\t'), maxLength: 6 });
  fc.assert(
    fc.property(text, text, (value, operand) => {
      const parsed = parseArgs({
        args: [...argumentsIn(`${shellOption('--name', value)} ${shellOperand(operand)}`)],
        options: { name: { type: 'string' } },
        allowPositionals: true,
      });
      expect([parsed.values.name, parsed.positionals]).toEqual([onOneLine(value), [onOneLine(operand)]]);
    }),
    { numRuns: 100 },
  );
});

it('leaves an ordinary word as it is', () => {
  expect(shellWord('arn:aws:iam::123456789012:mfa/agents/a-b_c@x.y')).toBe(
    'arn:aws:iam::123456789012:mfa/agents/a-b_c@x.y',
  );
});

it('a file with an IAM policy whose name is hostile is one word in the hint', () => {
  for (const name of ["$(touch x);`id`'.yaml", '--out.yaml']) {
    const { findings } = loadDefinitions([], { texts: [{ name, text: 'Version: "2012-10-17"\nStatement: []\n' }] });
    const hint = findings.find(({ id }) => id === 'iam-policy')?.hint ?? '';
    expect(hint).toContain(`leasehold import ${shellOperand(name)}`);
  }
});
