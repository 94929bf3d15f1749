import { search } from './compare-patterns';

describe('a text in some patterns and outside others', () => {
  const cases: readonly { name: string; inside: string[][]; outside: string[]; found: string | undefined }[] = [
    { name: 'a literal inside itself', inside: [['a']], outside: ['a'], found: undefined },
    { name: 'a literal outside another', inside: [['a']], outside: ['b'], found: 'a' },
    { name: 'a star is not covered by one character', inside: [['a*']], outside: ['a?'], found: 'a' },
    { name: 'a star is covered by its two halves', inside: [['a*']], outside: ['a', 'a?*'], found: undefined },
    { name: 'prefix and suffix may overlap', inside: [['ab*'], ['*ba']], outside: [], found: 'aba' },
    { name: 'two prefixes that part never meet', inside: [['a*'], ['b*']], outside: [], found: undefined },
    { name: 'two prefixes where one continues the other', inside: [['a*'], ['ab*']], outside: [], found: 'ab' },
    { name: 'everything', inside: [], outside: ['?*'], found: '' },
    { name: 'what is left of everything', inside: [], outside: ['', 'x*', '*y'], found: 'z' },
    { name: 'stars in a row', inside: [['a***b']], outside: ['a*b'], found: undefined },
    { name: 'a union covers what no member covers alone', inside: [['a?']], outside: ['*b', 'aa', '?c'], found: 'ax' },
  ];
  test.each(cases)('$name', ({ inside, outside, found }) => {
    expect(search(inside, outside)).toEqual(found?.split(''));
  });

  test('a wildcard inside an ARN segment stops at the colon, and one in the last does not', () => {
    const segments = { segments: true };
    expect(search([['arn:aws:sqs:eu:1*:a:b']], ['arn:aws:sqs:eu:*:*'], segments)).toBeUndefined();
    expect(search([['arn:aws:sqs:*:1:q']], ['arn:aws:sqs:eu:1:*'], segments)?.join('')).toBe('arn:aws:sqs::1:q');
    expect(search([['arn:*:q'], ['arn:a:b:c:d:e']], [], segments)).toBeUndefined();
  });

  test('a star that ends a part and runs on is taken back past a star that stops', () => {
    const inside = [['a:x:yc:d:e:f:g'], ['a*:*c:d:e:f:g']];
    expect(search(inside, [], { segments: true, runOn: true })?.join('')).toBe('a:x:yc:d:e:f:g');
    expect(search(inside, [], { segments: true })).toBeUndefined();
  });

  test('a variable that may hold a colon does not fit into one part', () => {
    const inside = [['x:$1:b:c:d:e']];
    expect(search(inside, ['x:*:b:c:d:e'], {}, { segments: true })).toBeDefined();
    expect(search(inside, ['x:*:b:c:d:e'], { segments: true })).toBeUndefined();
    expect(search(inside, ['x:*:b:c:d:?*', 'x:*:b:c:d:'], {}, { segments: true })).toBeDefined();
  });

  test('with case set aside, either case is the same text', () => {
    const fold = { fold: true };
    expect(search([['S3:GetObject']], ['s3:get*'], fold)).toBeUndefined();
    expect(search([['s3:get*']], ['S3:GETO*'], fold)?.join('')).toBe('s3:get');
  });
});

describe('variables are the same unknown text wherever they stand', () => {
  const covered: readonly [inside: string, outside: string][] = [
    ['$1', '$1'],
    ['a/$1/*', 'a/$1/*'],
    ['a/$1/b', 'a/*'],
    ['a/$1/b', 'a/*/b'],
    ['$1$2', '$1*'],
  ];
  test.each(covered)('%s lies inside %s', (inside, outside) => {
    expect(search([[inside]], [outside])).toBeUndefined();
  });

  const open: readonly [inside: string, outside: string][] = [
    ['$1', '$2'],
    ['a', '$1'],
    ['a/*', 'a/$1'],
    ['$1', 'a*'],
    ['$1', '?*'],
    ['a$1b', 'a?b'],
  ];
  test.each(open)('%s is not proven to lie inside %s', (inside, outside) => {
    expect(search([[inside]], [outside])).toBeDefined();
  });

  test('two variables, or a variable and a literal, may turn out to be the same text', () => {
    expect(search([['$1'], ['$2']], [])).toBeDefined();
    expect(search([['a'], ['$1']], [])).toBeDefined();
    expect(search([['$1'], ['a*b']], [])).toBeDefined();
    expect(search([['a$1'], ['b$1']], [])).toBeUndefined();
  });
});
