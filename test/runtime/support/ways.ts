/** Every way in which a program shows a value, on purpose or by accident. */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';

/** What each way of showing a value shows. */
export const WAYS: Readonly<Record<string, (value: unknown) => string>> = {
  'console.log': (value) => {
    let text = '';
    const stream = new Writable({
      write: (chunk, _, done) => {
        text += chunk;
        done();
      },
    });
    const console = new Console(stream);
    console.log(value);
    console.dir(value, { showHidden: true, depth: null });
    console.table(value);
    return text;
  },
  'console.log with %o and %j': (value) => {
    let text = '';
    const stream = new Writable({
      write: (chunk, _, done) => {
        text += chunk;
        done();
      },
    });
    new Console(stream).log('%o %O %s %j', value, value, value, value);
    return text;
  },
  'util.inspect': (value) => inspect(value),
  'util.inspect of everything': (value) => inspect(value, { showHidden: true, depth: null, maxStringLength: null }),
  'util.inspect past custom views': (value) => inspect(value, { showHidden: true, depth: null, customInspect: false }),
  'JSON.stringify': (value) => JSON.stringify(value) ?? '',
  'a template string': (value) => `${value}`,
  concatenation: (value) => `${value}`,
  'Object.entries': (value) => inspect(Object.entries(Object(value)), { depth: null }),
  spreading: (value) => inspect({ ...Object(value) }, { showHidden: true, depth: null }),
  'Object.assign': (value) => inspect(Object.assign({}, value), { depth: null }),
  structuredClone: (value) => attempt(() => inspect(structuredClone(value), { showHidden: true, depth: null })),
  'v8.serialize': (value) =>
    attempt(() => {
      const bytes = serialize(value);
      return bytes.toString('latin1') + bytes.toString('utf16le') + inspect(deserialize(bytes), { depth: null });
    }),
  'own property names': (value) =>
    Reflect.ownKeys(Object(value))
      .map((key) => inspect(Object.getOwnPropertyDescriptor(value, key), { showHidden: true, depth: null }))
      .join(),
};

/** What cannot be cloned says so, with the source of a function at most. */
function attempt(show: () => string): string {
  try {
    return show();
  } catch (error) {
    return inspect(error, { showHidden: true, depth: null });
  }
}
