import { PlanError, readPlan } from '../../../lib/review/plan';
import { aChange, aPlan } from './small-plans';

function faultOf(text: string | Uint8Array): PlanError {
  try {
    readPlan(text);
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
  throw new Error('it was read');
}

const plan = (parts: Record<string, unknown> = {}) => JSON.stringify(aPlan(parts));

describe('what is no plan is refused, with the reason and the place', () => {
  const refused: readonly [name: string, text: string | Uint8Array, code: string, message: RegExp][] = [
    ['nothing', '', 'empty', /nothing to read/],
    ['white space', ' \n\t ', 'empty', /nothing to read/],
    ['a binary plan', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), 'binary-plan', /binary plan/],
    ['bytes that are no text', Uint8Array.of(0x7b, 0x22, 0xff, 0xff, 0x22, 0x7d), 'invalid-text', /byte 2: .*no UTF-8/],
    ['the text that terraform plan prints', 'Terraform will perform the following actions:', 'invalid-json', /byte 0/],
    ['a text', '"plan"', 'not-a-plan', /a plan is a JSON object/],
    ['a list', '[]', 'not-a-plan', /a plan is a JSON object/],
    ['plain JSON', '{"a":1}', 'not-a-plan', /no format_version/],
    ['a package.json', '{"name":"x","version":"1.0.0"}', 'not-a-plan', /no format_version/],
    ['a log', '{"@level":"info","@message":"Terraform 1.11.4"}', 'plan-log', /log of `terraform plan -json`/],
    [
      'a log of several lines',
      '{"@level":"info","@message":"Terraform 1.11.4"}\n{"@level":"info","@message":"x"}\n',
      'plan-log',
      /log/,
    ],
    ['a state file', '{"version":4,"terraform_version":"1.11.4","lineage":"x","resources":[]}', 'state', /state file/],
    ['a shown state', '{"format_version":"1.0","values":{}}', 'state', /a state as/],
    ['an empty shown state', '{"format_version":"1.0"}', 'not-a-plan', /neither planned_values nor/],
    ['the format before 1.0', plan({ format_version: '0.2' }), 'unsupported-format', /\/format_version: .*"0.2"/],
    ['a format to come', plan({ format_version: '2.0' }), 'unsupported-format', /"2.0"/],
    ['a format that is a number', plan({ format_version: 1.2 }), 'unsupported-format', /1.2/],
    ['a format with an end', plan({ format_version: '1.2\n' }), 'unsupported-format', /1\.2/],
    ['a plan that failed', plan({ errored: true }), 'errored-plan', /\/errored: .*could not finish/],
    ['a second value behind it', `${plan()} {}`, 'invalid-json', /the end of the text/],
    ['changes that are no list', plan({ resource_changes: {} }), 'wrong-shape', /\/resource_changes: expected a list/],
    [
      'a change that is no object',
      plan({ resource_changes: [1] }),
      'wrong-shape',
      /\/resource_changes\/0: expected an/,
    ],
    [
      'a change without an address',
      plan({ resource_changes: [aChange({ address: 7 })] }),
      'wrong-shape',
      /\/resource_changes\/0\/address: expected a text, got 7/,
    ],
    [
      'a change of an unknown mode',
      plan({ resource_changes: [aChange({ mode: 'other' })] }),
      'wrong-shape',
      /\/resource_changes\/0\/mode: expected "managed" or "data", got "other"/,
    ],
    [
      'a resource without a change',
      plan({ resource_changes: [{ address: 'a.b', mode: 'managed', type: 'a', name: 'b', provider_name: 'p' }] }),
      'wrong-shape',
      /\/resource_changes\/0: .*with its change/,
    ],
    [
      'an action that does not exist',
      plan({ resource_changes: [aChange({ change: { actions: ['explode'] } })] }),
      'wrong-shape',
      /\/resource_changes\/0\/change\/actions: expected actions out of/,
    ],
    [
      'a change without actions',
      plan({ resource_changes: [aChange({ change: { actions: [] } })] }),
      'wrong-shape',
      /\/resource_changes\/0\/change\/actions: expected a list of actions/,
    ],
    [
      'one resource twice',
      plan({ resource_changes: [aChange(), aChange()] }),
      'wrong-shape',
      /\/resource_changes\/1: aws_iam_role.worker stands twice/,
    ],
    [
      'a configuration that is a list',
      plan({ configuration: [] }),
      'wrong-shape',
      /\/configuration: expected an object/,
    ],
    ['a key twice', '{"format_version":"1.2","format_version":"1.2"}', 'duplicate-key', /\/format_version, byte 24/],
    [
      'a key twice far inside',
      '{"format_version":"1.2","planned_values":{"a":[{"b":1,"c":2,"\\u0062":3}]}}',
      'duplicate-key',
      /\/planned_values\/a\/0\/b/,
    ],
    ['a nest', `{"planned_values":${'['.repeat(100_000)}`, 'too-deep', /\/planned_values\/0\/0/],
    ['a nest that is asked for', `{"configuration":${'{"a":'.repeat(100_000)}`, 'too-deep', /\/configuration\/a\/a/],
    ['a bad number', '{"format_version":"1.2","planned_values":01}', 'invalid-json', /\/planned_values, byte 42/],
    ['a bad escape', '{"planned_values":"\\x"}', 'invalid-json', /\/planned_values, byte 20/],
    ['a comma too much', '{"planned_values":[1,]}', 'invalid-json', /\/planned_values\/1, byte 21/],
  ];

  it.each(refused)('%s', (_, text, code, message) => {
    const fault = faultOf(text);
    expect({ code: fault.code, message: fault.message }).toEqual({ code, message: expect.stringMatching(message) });
    expect(fault.hint).not.toBe('');
  });
});

describe('a plan is read', () => {
  it('whatever its encoding and byte order mark', () => {
    const text = plan({ resource_changes: [aChange({ name: 'größe' })] });
    const swapped = Buffer.from(text, 'utf16le').swap16();
    const texts: readonly (string | Uint8Array)[] = [
      text,
      Buffer.from(text),
      Buffer.from(`\uFEFF${text}`),
      Buffer.from(`\uFEFF${text}`, 'utf16le'),
      Buffer.concat([Buffer.of(0xfe, 0xff), swapped]),
      ` \n${text}\n`,
    ];
    for (const each of texts) expect(readPlan(each).changes[0]?.name).toBe('größe');
  });

  it.each(['1.0', '1.1', '1.2', '1.3', '1.17'])('in format %s', (format_version) => {
    expect(readPlan(plan({ format_version })).formatVersion).toBe(format_version);
  });

  it('with moved, deposed, deferred and counted instances', () => {
    const { changes, deferred, resources, complete } = readPlan(
      plan({
        complete: false,
        resource_changes: [
          aChange({ previous_address: 'aws_iam_role.old', index: 3, module_address: 'module.a["x"]' }),
          aChange({ deposed: 'abc', change: { actions: ['delete'] } }),
        ],
        deferred_changes: [{ reason: 'provider_config_unknown', resource_change: aChange({ address: 'a.later' }) }],
      }),
    );
    expect(changes[0]).toMatchObject({ previousAddress: 'aws_iam_role.old', index: 3, module: 'module.a["x"]' });
    expect(changes[1]).toMatchObject({ deposed: 'abc' });
    expect(deferred).toMatchObject([{ reason: 'provider_config_unknown', change: { address: 'a.later' } }]);
    expect({ resources, complete }).toEqual({ resources: 1, complete: false });
  });

  it('with what the state holds and no change speaks of, from all its modules', () => {
    const resource = (address: string, mode = 'managed') => ({
      address,
      mode,
      type: 'aws_iam_role',
      name: 'x',
      provider_name: 'p',
      values: { name: address },
      sensitive_values: { tags: true },
    });
    const { prior, resources } = readPlan(
      plan({
        resource_changes: [aChange({ address: 'aws_iam_role.changed' })],
        prior_state: {
          format_version: '1.0',
          values: {
            root_module: {
              resources: [resource('aws_iam_role.changed'), resource('aws_iam_role.still')],
              child_modules: [
                {
                  resources: [resource('module.a.aws_iam_role.x')],
                  child_modules: [
                    { address: 'module.a.module.b', resources: [resource('module.a.module.b.data.r.x', 'data')] },
                  ],
                  address: 'module.a',
                },
              ],
            },
          },
        },
      }),
    );
    expect(prior.map(({ address, module }) => [address, module])).toEqual([
      ['aws_iam_role.still', ''],
      ['module.a.aws_iam_role.x', 'module.a'],
      ['module.a.module.b.data.r.x', 'module.a.module.b'],
    ]);
    expect(prior[0]?.values()).toEqual({ values: { name: 'aws_iam_role.still' }, sensitive: { tags: true } });
    expect(resources).toBe(4);
  });

  it('with keys that have a meaning in JavaScript, as plain keys', () => {
    const text = plan().replace(
      '"planned_values":{}',
      '"variables":{"__proto__":{"value":"a"},"constructor":{"value":"b"}}',
    );
    const { variables } = readPlan(text.replace('"configuration"', '"planned_values":{},"configuration"'));
    expect([...variables]).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(({} as Record<string, unknown>).value).toBeUndefined();
  });
});
