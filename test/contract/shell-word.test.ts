/** A word that a person pastes is one argument of a shell, whatever it contains. */
import { execFileSync } from 'node:child_process';
import { onOneLine, shellWord } from '@leasehold/contract/text';
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

it('leaves an ordinary word as it is', () => {
  expect(shellWord('arn:aws:iam::123456789012:mfa/agents/a-b_c@x.y')).toBe(
    'arn:aws:iam::123456789012:mfa/agents/a-b_c@x.y',
  );
});

it('a file with an IAM policy whose name is hostile is one word in the hint', () => {
  const name = "$(touch x);`id`'.yaml";
  const { findings } = loadDefinitions([], { texts: [{ name, text: 'Version: "2012-10-17"\nStatement: []\n' }] });
  const hint = findings.find(({ id }) => id === 'iam-policy')?.hint ?? '';
  expect(hint).toContain(`leasehold import ${shellWord(name)}`);
});
