/** The models of the SDK clients that are installed, and shapes of a test's own. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { prefixOf, type SdkOperation, SdkPackages } from '../../../lib/mcp/aws/sdk-package';
import { membersOf, type Shape } from '../../../lib/mcp/aws/shape';

/** An operation of an installed client. */
export interface Installed {
  readonly prefix: string;
  readonly operation: SdkOperation;
}

/** Every operation of every client that is installed here. */
export function installedOperations(): readonly Installed[] {
  const packages = new SdkPackages([]);
  const folder = dirname(dirname(require.resolve('@aws-sdk/client-s3/package.json')));
  const names = readdirSync(folder).filter((name) => name.startsWith('client-'));
  return names.flatMap((name) => {
    const module = require(join(folder, name)) as Record<string, unknown>;
    const operations = Object.keys(module)
      .filter((key) => key.endsWith('Command') && key !== '$Command')
      .map((key) => key.slice(0, -'Command'.length));
    const service = { prefix: name, packages: [name.slice('client-'.length)] };
    const [first = ''] = operations;
    const client = packages.operation(service, first).newClient({ region: 'eu-west-1' });
    const prefix = prefixOf(client) ?? '';
    client.destroy();
    return operations.map((operation) => ({ prefix, operation: packages.operation(service, operation) }));
  });
}

/** A value for a shape in which every text is a mark of its own, the path of the member. */
export function marked(shape: Shape, path: string, marks: Map<string, Shape>, above: readonly unknown[] = []): unknown {
  if (shape.isStructSchema()) {
    const members = membersOf(shape);
    const id = [...members.keys()].join();
    if (above.includes(id)) return undefined;
    const entries = [...members].map(([name, member]) => [
      name,
      marked(member, `${path}.${name}`, marks, [...above, id]),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  if (shape.isListSchema())
    return [marked(shape.getValueSchema(), path, marks, above)].filter((each) => each !== undefined);
  if (shape.isMapSchema()) {
    const value = marked(shape.getValueSchema(), `${path}{}`, marks, above);
    return value === undefined ? {} : { key: value };
  }
  if (!shape.isStringSchema() && !shape.isBlobSchema()) return undefined;
  const mark = `«${path}»`;
  marks.set(mark, shape);
  return mark;
}

/** A structure with one text at the end of a path. */
export function shapeOf(path: readonly string[]): Shape {
  return withLeaf(path, 'isStringSchema');
}

/** A structure with the member `document`, whose value has no schema. */
export function documentShape(): Shape {
  return withLeaf(['document'], 'isDocumentSchema');
}

function withLeaf([name, ...deeper]: readonly string[], leaf: string): Shape {
  const is = (kind: string) => () => kind === (name === undefined ? leaf : 'isStructSchema');
  const kinds = ['Struct', 'List', 'Map', 'Blob', 'Timestamp', 'String', 'Boolean', 'Numeric', 'Document', 'Unit'];
  return {
    ...Object.fromEntries(kinds.map((kind) => [`is${kind}Schema`, is(`is${kind}Schema`)])),
    getEventStreamMember: () => '',
    structIterator: () => (name === undefined ? [] : [[name, withLeaf(deeper, leaf)]]),
  } as unknown as Shape;
}
