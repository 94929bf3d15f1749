import * as fc from 'fast-check';
import { literal, literalJson, literalValue } from '../../lib/constructs/literal';

describe('text reaches AWS to the letter', () => {
  it.each([
    ['${aws:PrincipalTag/param.release}', '$${aws:PrincipalTag/param.release}'],
    ['%{ if true }', '%%{ if true }'],
    ['a $ or a % alone', 'a $ or a % alone'],
    ['${a}${b}', '$${a}$${b}'],
    ['$${already}', '$$${already}'],
    ['{"a": "${b}"}', '{"a": "$${b}"}'],
  ])('%j is written %j', (text, written) => {
    expect(literal(text)).toBe(written);
  });

  it('in a document, without white space', () => {
    expect(literalJson({ Resource: 'arn:aws:s3:::b/${aws:username}/*' })).toBe(
      '{"Resource":"arn:aws:s3:::b/$${aws:username}/*"}',
    );
  });

  it('in every string and key of an output', () => {
    expect(literalValue({ '${k}': ['${v}', 1, true, null, { deep: '%{v}' }] })).toEqual({
      '$${k}': ['$${v}', 1, true, null, { deep: '%%{v}' }],
    });
  });

  it('property: Terraform reads back what was meant', () => {
    const text = fc.array(fc.constantFrom('$', '%', '{', '}', '${', '%{', 'a')).map((parts) => parts.join(''));
    void fc.assert(fc.property(text, (meant) => expect(terraformReads(literal(meant))).toBe(meant)));
  });
});

/** How Terraform reads a template: an escape is a literal, and anything else that opens a sequence is not. */
function terraformReads(template: string): string {
  return template.replace(/([$%])\1\{|[$%]\{/g, (sequence, sign: string | undefined) => {
    if (sign === undefined) throw new Error(`${sequence} would be evaluated in ${template}`);
    return `${sign}{`;
  });
}
