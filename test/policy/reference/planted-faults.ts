/**
 * Faults that somebody could make in the engine, one line each. `planted` loads the engine with one of them; the code on
 * disk stays as it is.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';

export interface Fault {
  readonly name: string;
  /** Below lib/policy/evaluate. */
  readonly file: string;
  readonly line: string;
  readonly instead: string;
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'action names are compared in their case',
    file: 'action.ts',
    line: 'else exact.add(foldAscii(pattern));',
    instead: 'else exact.add(pattern);',
  },
  {
    name: 'a wildcard in a variable’s value is a wildcard',
    file: 'template.ts',
    line: "return { kind: 'literal', text };",
    instead: "return text.includes('*') ? { kind: 'any' } : { kind: 'literal', text };",
  },
  {
    name: 'an entry of NotResource with an unset variable excepts nothing',
    file: 'resource.ts',
    line: "if (match === 'blank' || (negated && match !== 'no')) unsure = true;",
    instead: "if (match === 'blank') unsure = true;",
  },
  {
    name: 'the account in a resource’s ARN does not count',
    file: 'resource.ts',
    line: "if (match === 'no') return 'no';",
    instead:
      "if (match === 'no' && segment !== head[4]) return 'no';\n      if (match === 'no') { start = end + 1; continue; }",
  },
  {
    name: 'a missing key fails a negated operator',
    file: 'condition.ts',
    line: "return form.ifExists || operator.negated ? 'yes' : 'no';",
    instead: "return form.ifExists ? 'yes' : 'no';",
  },
  {
    name: 'ForAllValues fails without values',
    file: 'condition.ts',
    line: "if (form.every) return 'yes';",
    instead: "if (form.every) return 'no';",
  },
  {
    name: 'doubt does not deny',
    file: 'condition.ts',
    line: "return answer === 'yes' || (answer === 'unsure' && effect === 'Deny');",
    instead: "return answer === 'yes';",
  },
  {
    name: 'DateLessThanEquals and NumericLessThanEquals leave out the limit',
    file: 'operators.ts',
    line: 'LessThanEquals: (value, wanted) => value <= wanted,',
    instead: 'LessThanEquals: (value, wanted) => value < wanted,',
  },
  {
    name: 'aws:PrincipalArn of a session is the session’s',
    file: 'request.ts',
    line: "return principal.kind === 'session' ? names.origin",
    instead: "return principal.kind === 'session' ? names.self",
  },
  {
    name: 'NotPrincipal spares callers that have a permissions boundary',
    file: 'principal.ts',
    line: '!asked.bounded &&',
    instead: '',
  },
  {
    name: 'a grant to a role is not limited by boundary and session policy',
    file: 'evaluate.ts',
    line: "byResource.naming === 'origin' && limits.length === 0 &&",
    instead: "byResource.naming === 'origin' &&",
  },
  {
    name: 'a federated user without session policies has the permissions of the user',
    file: 'evaluate.ts',
    line: "const limited = session.length > 0 || asked.principal.kind === 'federated-user';",
    instead: 'const limited = session.length > 0;',
  },
  {
    name: 'only the first level of service control policies has to allow',
    file: 'evaluate.ts',
    line: 'return policies.scps.flatMap(',
    instead: 'return policies.scps.slice(0, 1).flatMap(',
  },
  {
    name: 'another account’s resource needs no policy of its own',
    file: 'evaluate.ts',
    line: 'const needsBoth = !own || needsResourcePolicy(asked);',
    instead: 'const needsBoth = needsResourcePolicy(asked);',
  },
];

const ENGINE = join(__dirname, '../../../lib/policy/evaluate');

/** What `differential.ts` exports, bound to an engine with the fault. */
export function planted(fault: Fault): typeof import('./differential') {
  let loaded: typeof import('./differential') | undefined;
  jest.isolateModules(() => {
    const path = join(ENGINE, fault.file);
    jest.doMock(path, () => faulty(path, fault));
    loaded = require('./differential');
    jest.dontMock(path);
  });
  return loaded as typeof import('./differential');
}

function faulty(path: string, { line, instead }: Fault): unknown {
  const source = readFileSync(path, 'utf8');
  // A line that the engine no longer has, or has twice, would plant nothing, or something else.
  expect(source.split(line)).toHaveLength(2);
  const { code } = transformSync(
    source.replace(line, () => instead),
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    },
  );
  const module = { exports: {} };
  const load = (id: string) => require(id.startsWith('.') ? join(dirname(path), id) : id);
  new Function('require', 'module', 'exports', code)(load, module, module.exports);
  return module.exports;
}
