import {
  COUNT_QUOTAS,
  checkSize,
  DOCUMENT_QUOTAS,
  type DocumentKind,
  DURATION_QUOTAS,
  type PolicyDocument,
  policySize,
  type Quota,
  refusedCharacters,
  TEXT_QUOTAS,
} from '@leasehold/policy';
import * as fc from 'fast-check';

const allow: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};
const minified = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';

/** A document whose minified text is so many characters long. */
function documentOf(length: number): string {
  const frame = '{"Version":"2012-10-17","Statement":[{"Sid":""}]}';
  return frame.replace('""', `"${'x'.repeat(length - frame.length)}"`);
}

describe('the size of a document', () => {
  it.each([
    ['an object as it is minified', allow, minified.length],
    ['a minified text as it stands', minified, minified.length],
    ['an indented text without its white space', JSON.stringify(allow, null, 4), minified.length],
    [
      'tabs and line ends of Windows as white space',
      JSON.stringify(allow, null, '\t').replace(/\n/g, '\r\n'),
      minified.length,
    ],
    ['white space inside a string as text', '{ "Sid": "a b\\t c" }', '{"Sid":"a b\\t c"}'.length],
    [
      'an escaped quote as part of its string',
      '{ "Sid": "a \\" b" , "Id": "\\\\" }',
      '{"Sid":"a \\" b","Id":"\\\\"}'.length,
    ],
    ['characters, not bytes', '{"Sid":"é"}', 11],
    ['text that is no JSON whole', '{ "Sid": ', 9],
    ['no text at all', '', 0],
  ])('counts %s', (_what, document, size) => {
    expect(policySize(document)).toBe(size);
  });

  it('does not depend on how the text is laid out', () => {
    void fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 8 }), (json, indent) => {
        const value: unknown = JSON.parse(json);
        const compact = JSON.stringify(value);
        expect(policySize(JSON.stringify(value, null, indent))).toBe(compact.length);
        expect(policySize(compact)).toBe(compact.length);
      }),
    );
  });

  it('is counted for a text of ten megabytes', () => {
    expect(policySize(`{ "Sid" : "${'\\"'.repeat(5_000_000)}" }`)).toBe(10_000_010);
  });
});

describe('whether a document fits', () => {
  it.each<[kind: DocumentKind, limit: number]>([
    ['managed-policy', 6144],
    ['permissions-boundary', 6144],
    ['role-inline-policy', 10_240],
    ['user-inline-policy', 2048],
    ['group-inline-policy', 5120],
    ['trust-policy', 2048],
    ['session-policy', 2048],
    ['service-control-policy', 5120],
    ['resource-control-policy', 5120],
    ['s3-bucket-policy', 20_480],
    ['kms-key-policy', 32_768],
    ['sqs-queue-policy', 8192],
    ['sns-topic-policy', 30_720],
    ['secret-policy', 20_480],
    ['lambda-policy', 20_480],
    ['dynamodb-policy', 20_480],
    ['vpc-endpoint-policy', 20_480],
    ['rest-api-policy', 8192],
  ])('a %s of %i, and not of one more', (kind, limit) => {
    expect(checkSize(kind, documentOf(limit))).toEqual({ size: limit, limit, over: false });
    expect(checkSize(kind, documentOf(limit + 1))).toEqual({ size: limit + 1, limit, over: true });
  });

  it('white space counts where AWS counts it', () => {
    const spaced = JSON.stringify(allow, null, 2);
    expect(checkSize('managed-policy', spaced).size).toBe(minified.length);
    expect(checkSize('session-policy', spaced).size).toBe(spaced.length);
    expect(checkSize('session-policy', allow).size).toBe(minified.length);
  });

  it('bytes count where AWS counts bytes', () => {
    expect(checkSize('managed-policy', '{"Sid":"é"}').size).toBe(11);
    expect(checkSize('s3-bucket-policy', '{"Sid":"é"}').size).toBe(12);
  });

  it('all inline policies of a role count together', () => {
    const half = documentOf(5120);
    expect(checkSize('role-inline-policy', [half, half])).toMatchObject({ size: 10_240, over: false });
    expect(checkSize('role-inline-policy', [half, half, '{}'])).toMatchObject({ size: 10_242, over: true });
    expect(checkSize('role-inline-policy', [])).toMatchObject({ size: 0, over: false });
  });

  it('the ARNs of session policies count beside the document', () => {
    const arn = 'arn:aws:iam::123456789012:policy/x';
    expect(checkSize('session-policy', [allow, arn]).size).toBe(minified.length + arn.length);
  });
});

describe('characters', () => {
  it.each([
    ['{"Sid":"plain"}', []],
    ['{"Sid":"é ÿ"}\r\n\t', []],
    ['{"Sid":"a – b … – 日"}', ['–', '…', '日']],
    ['{"Sid":"\u{1f600}"}', ['\u{1f600}']],
    ['{"Sid":"\u0000"}', ['\u0000']],
  ])('IAM refuses in %j: %j', (document, refused) => {
    expect(refusedCharacters(document)).toEqual(refused);
  });

  it('are read in an object as they will be written', () => {
    expect(refusedCharacters({ ...allow, Id: 'ключ' })).toEqual(['к', 'л', 'ю', 'ч']);
  });
});

describe('text that IAM and STS take', () => {
  it.each<[keyof typeof TEXT_QUOTAS, string, boolean]>([
    ['roleName', 'hermes-dev-s3-deploy', true],
    ['roleName', 'x'.repeat(64), true],
    ['roleName', 'x'.repeat(65), false],
    ['roleName', '', false],
    ['roleName', 'with space', false],
    ['roleName', 'name\n', false],
    ['policyName', 'x'.repeat(128), true],
    ['policyName', 'x'.repeat(129), false],
    ['path', '/', true],
    ['path', '/agents/', true],
    ['path', `/${'x'.repeat(510)}/`, true],
    ['path', `/${'x'.repeat(511)}/`, false],
    ['path', 'agents/', false],
    ['path', '/agents', false],
    ['path', '/a b/', false],
    ['roleSessionName', 'a', false],
    ['roleSessionName', 'lease-01JD@x', true],
    ['roleSessionName', 'a:b', false],
    ['sourceIdentity', 'aws:x', false],
    ['sourceIdentity', 'oncall', true],
    ['mfaTokenCode', '012345', true],
    ['mfaTokenCode', '12345', false],
    ['mfaTokenCode', '١٢٣٤٥٦', false],
    ['mfaSerialNumber', 'arn:aws:iam::123456789012:mfa/agents/oncall', true],
    ['externalId', 'a/b:c', true],
    ['tagKey', 'param.release', true],
    ['tagKey', 'aws:x', false],
    ['tagKey', 'AWS:x', false],
    ['tagKey', 'a*', false],
    ['tagKey', '', false],
    ['tagKey', 'é'.repeat(128), true],
    ['tagKey', 'x'.repeat(129), false],
    ['tagValue', '', true],
    ['tagValue', 'x'.repeat(256), true],
    ['tagValue', 'x'.repeat(257), false],
    ['tagValue', 'release 1.4.2 @prod', true],
    ['tagValue', 'a*', false],
    ['tagValue', 'a?', false],
    ['tagValue', 'a,b', false],
    ['tagValue', '${x}', false],
    ['tagValue', '"x"', false],
  ])('%s %j: %s', (kind, text, taken) => {
    expect(TEXT_QUOTAS[kind].pattern.test(text)).toBe(taken);
  });
});

describe('the numbers', () => {
  it('stay within what a new account has', () => {
    expect(COUNT_QUOTAS.managedPoliciesPerUser.value).toBe(10);
    expect(COUNT_QUOTAS.managedPoliciesPerRole.value).toBe(10);
    expect(COUNT_QUOTAS.rolesPerAccount.value).toBe(1000);
    expect(COUNT_QUOTAS.mfaDevicesPerUser.value).toBe(8);
    expect(COUNT_QUOTAS.sessionTags.value).toBe(50);
    expect(DURATION_QUOTAS.assumeRole).toMatchObject({ min: 900, max: 43_200, default: 3600 });
    expect(DURATION_QUOTAS.chainedAssumeRole.max).toBe(3600);
    expect(DURATION_QUOTAS.maxSessionDuration.min).toBe(3600);
  });

  it('each name a source, and raise nothing by raising it', () => {
    const quotas: Quota[] = Object.values(COUNT_QUOTAS);
    for (const { value, adjustableTo, source } of quotas) {
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(adjustableTo ?? value).toBeGreaterThanOrEqual(value);
    }
    for (const { source } of [
      ...Object.values(DOCUMENT_QUOTAS),
      ...Object.values(TEXT_QUOTAS),
      ...Object.values(DURATION_QUOTAS),
    ]) {
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });
});
