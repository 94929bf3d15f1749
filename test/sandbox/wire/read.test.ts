/** What two readers could read differently, nobody reads. */
import fc from 'fast-check';
import { type SignedRequest, UnmappedRequest } from '../../../lib/sandbox/service-mapping';
import { formParameters, jsonParameters, queryParameters } from '../../../lib/sandbox/wire/read';

function aRequest(overrides: Partial<SignedRequest>): SignedRequest {
  return {
    service: 'sqs',
    region: 'ap-northeast-2',
    account: '123456789012',
    partition: 'aws',
    protocol: 'query',
    method: 'POST',
    host: 'localhost',
    path: '/',
    query: [],
    headers: {},
    body: Buffer.alloc(0),
    ...overrides,
  };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

describe('parameters of a form', () => {
  it('come from the query string and the body', () => {
    const request = aRequest({ headers: FORM, query: [['Action', 'SendMessage']], body: Buffer.from('A=a%20b&C=d+e') });
    expect({ ...formParameters(request) }).toEqual({ Action: 'SendMessage', A: 'a b', C: 'd e' });
  });

  it.each([
    ['a name twice in the body', aRequest({ headers: FORM, body: Buffer.from('Action=A&Action=B') })],
    ['a name in query and body', aRequest({ headers: FORM, query: [['Action', 'A']], body: Buffer.from('Action=A') })],
    ['a name twice under two encodings', aRequest({ headers: FORM, body: Buffer.from('Action=A&%41ction=B') })],
    ['a body of another kind', aRequest({ headers: { 'content-type': 'text/plain' }, body: Buffer.from('Action=A') })],
    ['a broken percent escape', aRequest({ headers: FORM, body: Buffer.from('Action=%zz') })],
    ['bytes that are no UTF-8', aRequest({ headers: FORM, body: Buffer.from([0x41, 0x3d, 0xff]) })],
  ])('are refused for %s', (_, request) => {
    expect(() => formParameters(request)).toThrow(UnmappedRequest);
  });

  it('of the query string alone are refused when a name occurs twice', () => {
    const query = [
      ['prefix', 'a'],
      ['prefix', 'b'],
    ] as const;
    expect(() => queryParameters(aRequest({ query }))).toThrow('prefix occurs twice');
  });

  it('may have the names of object members', () => {
    const request = aRequest({ query: [['__proto__', 'x']] });
    expect(Object.entries(queryParameters(request))).toEqual([['__proto__', 'x']]);
  });
});

describe('a JSON body', () => {
  const json = (text: string) => jsonParameters(aRequest({ body: Buffer.from(text) }));

  it('is its object, and without a body the empty one', () => {
    expect(json('{"TableName":"a","Key":{"id":{"S":"1"}}}')).toEqual({ TableName: 'a', Key: { id: { S: '1' } } });
    expect(json('')).toEqual({});
  });

  it.each([
    ['a key twice', '{"TableName":"a","TableName":"b"}'],
    ['a key twice under two spellings', '{"TableName":"a","\\u0054ableName":"b"}'],
    ['a key twice further in', '{"a":[{"b":1,"c":{},"b":2}]}'],
    ['a truncated text', '{"TableName":"a"'],
    ['a list', '[]'],
    ['a byte order mark', '\ufeff{}'],
  ])('is refused for %s', (_, text) => {
    expect(() => json(text)).toThrow(UnmappedRequest);
  });

  it('is read whatever strings it holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(json(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});
