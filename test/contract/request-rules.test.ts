/** The rules for what a requester writes: the same for the runtime and for the console. */
import { type ParameterRule, parameterFault, writtenReason } from '@leasehold/contract/request-rules';
import fc from 'fast-check';
import { matchesParameter, ParameterPattern } from '../../lib/definitions';

describe('a reason', () => {
  it.each<[string, string]>([
    ['Upload release 1.4.2', 'Upload release 1.4.2'],
    ['  Upload\u00a0 release   1.4.2 ', 'Upload release 1.4.2'],
    ['Upload release 1.4.2 <b>now</b>', 'Upload release 1.4.2 <b>now</b>'],
    ['פרסום גרסה 1.4.2 של החנות', 'פרסום גרסה 1.4.2 של החנות'],
  ])('%j becomes %j', (typed, value) => {
    expect(writtenReason(typed, 's3-deploy', 10)).toEqual({ value });
  });

  it.each<[string, string]>([
    ['', 'is shorter than 10 characters'],
    ['Deploy it', 'is shorter than 10 characters'],
    ['Deployment 1.4.2', 'has fewer than 3 words'],
    ['please please please do it', 'does not state an action and its target'],
    ['the s3 deploy role is needed', 'does not state an action and its target'],
    ['Upload release\n1.4.2', 'contains a line break or an invisible character'],
    ['Upload \u202eesaeler 1.4.2', 'contains a line break or an invisible character'],
    [`Upload release ${'x'.repeat(1000)}`, 'has 1015 characters; the maximum is 1000'],
  ])('%j %s', (typed, fault) => {
    expect(writtenReason(typed, 's3-deploy', 10)).toEqual({ fault });
  });
});

describe('the value of a parameter', () => {
  const RELEASE = { pattern: '[a-z0-9][a-z0-9.-]{0,62}' };
  it.each<[ParameterRule, string, ReturnType<typeof parameterFault>]>([
    [RELEASE, '1.4.2', undefined],
    [RELEASE, '', 'characters'],
    [RELEASE, '*', 'characters'],
    [RELEASE, '1.4.2\n', 'characters'],
    [RELEASE, '${aws:username}', 'characters'],
    [RELEASE, 'a/b', 'no-match'],
    [{ pattern: 'a|b' }, 'ab', 'no-match'],
    [{ values: ['test', 'live'] }, 'live', undefined],
    [{ values: ['test', 'live'] }, 'Live', 'not-listed'],
    [{ values: [], pattern: '.*' }, 'x', 'not-listed'],
    [{}, 'x', 'unchecked'],
    [{ pattern: '(' }, 'x', 'unchecked'],
  ])('%j, %j: %s', (rule, value, fault) => {
    expect(parameterFault(rule, value)).toBe(fault);
  });

  it('is accepted exactly if the broker accepts it', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcAB01.-/*${} \n\u00e9'), maxLength: 8 });
    fc.assert(
      fc.property(
        fc.constantFrom('[a-z0-9][a-z0-9.-]{0,62}', 'a|bc', '[A-Z]{2}-[0-9]+', '[01]{1,12}'),
        text,
        (pattern, value) => {
          const broker = matchesParameter({ pattern: new ParameterPattern(pattern) }, value);
          expect(parameterFault({ pattern }, value) === undefined).toBe(broker);
        },
      ),
    );
  });
});
