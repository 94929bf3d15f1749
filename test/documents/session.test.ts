import { deployedTemplate, parameterTag, requiredTags, templateParts } from '@leasehold/documents';
import * as fc from 'fast-check';
import { aParameter, aReleaseRole } from '../support/environment';

describe('a template with parameters', () => {
  it.each([
    ['arn:aws:s3:::deploy/*', 'arn:aws:s3:::deploy/*'],
    ['${param.release}', '${aws:PrincipalTag/param.release}'],
    ['arn:aws:s3:::deploy/${param.release}/*', 'arn:aws:s3:::deploy/${aws:PrincipalTag/param.release}/*'],
    ['${param.a}-${param.b}', '${aws:PrincipalTag/param.a}-${aws:PrincipalTag/param.b}'],
    ['a literal $ and { and } stay', 'a literal $ and { and } stay'],
  ])('%j is deployed as %j', (template, deployed) => {
    expect(deployedTemplate(template)).toBe(deployed);
  });

  it('property: falls into parts that make it whole again', () => {
    const part = fc.oneof(
      fc.stringMatching(/^[a-z:/*.-]{1,8}$/).map((text) => ({ text })),
      fc.stringMatching(/^[a-z][a-z-]{0,5}$/).map((parameter) => ({ parameter })),
    );
    void fc.assert(
      fc.property(fc.array(part), (parts) => {
        const template = parts.map((each) => ('text' in each ? each.text : `\${param.${each.parameter}}`)).join('');
        const again = templateParts(template);
        expect(again.map((each) => ('text' in each ? each.text : `\${param.${each.parameter}}`)).join('')).toBe(
          template,
        );
        expect(again.flatMap((each) => ('parameter' in each ? [each.parameter] : []))).toEqual(
          parts.flatMap((each) => ('parameter' in each ? [each.parameter] : [])),
        );
      }),
    );
  });
});

describe('a session', () => {
  it('carries its lease id, its reason and every parameter', () => {
    const parameters = [aParameter({ name: 'customer' }), aParameter()];
    expect(requiredTags(aReleaseRole({ parameters }))).toEqual([
      'lease-id',
      'reason',
      'param.customer',
      'param.release',
    ]);
    expect(parameterTag('release')).toBe('param.release');
  });
});
