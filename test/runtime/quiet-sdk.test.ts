/** The AWS SDK is kept quiet while a client of it is made, and the environment of the program stays as it was. */
import { withoutNodeNotice } from '../../runtime/src/quiet-sdk';

const NOTICE_OFF = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

afterEach(() => {
  delete process.env[NOTICE_OFF];
});

it('turns the notice off while the client is made, and only then', () => {
  expect(withoutNodeNotice(() => process.env[NOTICE_OFF])).toBe('true');
  expect(process.env).not.toHaveProperty(NOTICE_OFF);
});

it('leaves what the user has chosen', () => {
  process.env[NOTICE_OFF] = 'false';
  expect(withoutNodeNotice(() => process.env[NOTICE_OFF])).toBe('false');
  expect(process.env[NOTICE_OFF]).toBe('false');
});

it('leaves nothing behind where the client cannot be made', () => {
  const fail = () => {
    throw new Error('no client');
  };
  expect(() => withoutNodeNotice(fail)).toThrow('no client');
  expect(process.env).not.toHaveProperty(NOTICE_OFF);
});
