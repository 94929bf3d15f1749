/** The OpenAPI document: drift-checked, whole, and of the same mind as the contract that is enforced. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXCHANGES, type Exchange, PROBLEM_CODES, PROBLEM_STATUS } from '@leasehold/contract';
import { OPERATIONS, ROUTES } from '@leasehold/contract/routes';
import Ajv2020 from 'ajv/dist/2020';
import { OPENAPI_FILE, openApi, openApiText } from '../../lib/contract/openapi/document';
import { referenceTo } from '../../lib/contract/openapi/schemas';
import { contractVersion } from '../../lib/contract/openapi/write';
import { ANSWERS, BODIES } from '../runtime/broker/examples';

const ROOT = join(__dirname, '../..');

type Json = Record<string, unknown>;
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Json[];
  readonly requestBody?: { readonly content: Record<string, { schema: Json }> };
  readonly responses: Readonly<Record<string, { description: string; content: Record<string, { schema: Json }> }>>;
}
const DOCUMENT = openApi(contractVersion(ROOT)) as Json & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
};
const FOUND = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const found = (name: string) => FOUND.find(({ operation }) => operation.operationId === name);

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(DOCUMENT, 'openapi.json');
const accepts = (reference: Json, value: unknown) =>
  ajv.compile({ $ref: `openapi.json${String(reference.$ref)}` })(JSON.parse(JSON.stringify(value))) === true;

it('is what the contract makes: npm run openapi writes it anew', () => {
  expect(readFileSync(join(ROOT, OPENAPI_FILE), 'utf8')).toBe(openApiText(contractVersion(ROOT)));
});

it('has every route, once, and no other', () => {
  expect(
    FOUND.map(({ path, method, operation }) => [operation.operationId, method.toUpperCase(), path]).sort(),
  ).toEqual(OPERATIONS.map((name) => [name, ROUTES[name].method, ROUTES[name].path]).sort());
});

it('refers to nothing that is not there', () => {
  const references = [...JSON.stringify(DOCUMENT).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to]) => String(to));
  expect(references.length).toBeGreaterThan(50);
  for (const reference of new Set(references)) {
    const steps = reference.replace('#/', '').split('/');
    const target = steps.reduce<unknown>((value, step) => (value as Json | undefined)?.[step], DOCUMENT);
    expect([reference, typeof target]).toEqual([reference, 'object']);
  }
});

it('names nothing that nobody refers to', () => {
  const text = JSON.stringify(DOCUMENT);
  for (const [kind, named] of Object.entries(DOCUMENT.components)) {
    if (kind === 'securitySchemes') continue;
    for (const name of Object.keys(named)) expect(text).toContain(`"#/components/${kind}/${name}"`);
  }
});

it('has the fields that OpenAPI 3.1 demands', () => {
  expect(DOCUMENT).toMatchObject({
    openapi: '3.1.0',
    info: { title: expect.any(String), version: expect.any(String) },
  });
  for (const { path, operation } of FOUND) {
    const parameters = operation.parameters ?? [];
    const inPath = parameters.filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name, required }) => [name, required])).toEqual(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, true]),
    );
    for (const parameter of parameters) expect('$ref' in parameter || 'schema' in parameter).toBe(true);
    for (const response of Object.values(operation.responses)) {
      expect(response.description).not.toBe('');
      expect(Object.keys(response.content).length).toBeGreaterThan(0);
    }
  }
});

describe('schema', () => {
  it.each(Object.keys(DOCUMENT.components.schemas))('%s is JSON Schema, and closed', (name) => {
    expect(ajv.validateSchema(DOCUMENT.components.schemas[name] ?? {})).toBe(true);
    expect(() => ajv.compile({ $ref: `openapi.json#/components/schemas/${name}` })).not.toThrow();
    if (name === 'GatewayRefusal') return;
    const { additionalProperties, anyOf = [] } = DOCUMENT.components.schemas[name] as {
      additionalProperties?: unknown;
      anyOf?: readonly Json[];
    };
    expect([additionalProperties, ...anyOf.map((each) => each.additionalProperties)]).toContain(false);
  });

  it.each(FOUND.map(({ operation }) => operation))('of the parameters of $operationId is JSON Schema', (operation) => {
    for (const { schema = {} } of operation.parameters ?? []) expect(ajv.validateSchema(schema as Json)).toBe(true);
  });
});

describe.each(OPERATIONS)('%s', (name) => {
  const exchange: Exchange = EXCHANGES[name];
  const responses = found(name)?.operation.responses ?? {};

  it('tells every way in which it can be refused, and how', () => {
    for (const code of exchange.problems) {
      const told = responses[PROBLEM_STATUS[code]]?.content['application/problem+json'];
      expect(told?.schema.properties).toMatchObject({
        code: { enum: expect.arrayContaining([code]) },
      });
    }
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '403', '503']));
    for (const status of exchange.statuses) expect(Object.keys(responses)).toContain(String(status));
  });

  it('answers what the contract takes, and nothing besides', () => {
    for (const answer of ANSWERS[name]) {
      expect(exchange.answer.safeParse(answer).error).toBeUndefined();
      expect(accepts(referenceTo(exchange.answer), answer)).toBe(true);
      for (const other of [{ ...answer, extra: 1 }, {}, null]) {
        expect(exchange.answer.safeParse(other).success).toBe(false);
        expect(accepts(referenceTo(exchange.answer), other)).toBe(false);
      }
    }
  });

  it('takes what the contract takes', () => {
    expect(found(name)?.operation.requestBody !== undefined).toBe(exchange.body !== undefined);
    for (const [body, right] of BODIES[name] ?? []) {
      expect([body, exchange.body?.safeParse(body).success]).toEqual([body, right]);
      expect([body, exchange.body && accepts(referenceTo(exchange.body), body)]).toEqual([body, right]);
    }
  });
});

it('lets a refusal be read by its schema', () => {
  const refusal = (code: (typeof PROBLEM_CODES)[number]) => ({
    type: `https://leasehold.dev/problems/${code}`,
    title: 'No',
    status: PROBLEM_STATUS[code],
    detail: 'No.',
    code,
    hint: 'Stop.',
    retryable: false,
  });
  for (const code of PROBLEM_CODES) expect(accepts({ $ref: '#/components/schemas/Problem' }, refusal(code))).toBe(true);
  const status = found('collect')?.operation.responses['409']?.content['application/problem+json']?.schema ?? {};
  const valid = ajv.compile({ ...status, allOf: [{ $ref: 'openapi.json#/components/schemas/Problem' }] });
  expect(valid(refusal('wrong-state'))).toBe(true);
  expect(valid(refusal('own-lease'))).toBe(false);
});
