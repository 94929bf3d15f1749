/** Every public symbol says what it is, is marked public, and has an example. */
import { join } from 'node:path';
import {
  createProgram,
  displayPartsToString,
  ModuleKind,
  ModuleResolutionKind,
  ScriptTarget,
  SymbolFlags,
  type Symbol as TsSymbol,
  type TypeChecker,
} from 'typescript';

const SOURCE = join(__dirname, '../../runtime/src');
const ENTRIES = ['index.ts', 'channels/terminal/index.ts', 'channels/command/index.ts', 'broker/index.ts'].map((file) =>
  join(SOURCE, file),
);

const program = createProgram(ENTRIES, {
  target: ScriptTarget.ES2022,
  module: ModuleKind.NodeNext,
  moduleResolution: ModuleResolutionKind.NodeNext,
  types: ['node'],
  noEmit: true,
});
const checker = program.getTypeChecker();

const symbols = ENTRIES.flatMap((entry) => {
  const file = program.getSourceFile(entry);
  const module = file && checker.getSymbolAtLocation(file);
  const found = module ? checker.getExportsOfModule(module).map((each) => resolved(each, checker)) : [];
  // What goes over the wire is documented by docs/openapi.json.
  return found.filter(({ declarations = [] }) => !declarations[0]?.getSourceFile().fileName.includes('/contract/'));
});

function resolved(symbol: TsSymbol, from: TypeChecker): TsSymbol {
  return symbol.flags & SymbolFlags.Alias ? from.getAliasedSymbol(symbol) : symbol;
}

it('finds them', () => {
  expect(symbols.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['lease', 'createLeaseClient', 'Manifest', 'terminal', 'CommandOptions', 'BrokerClient']),
  );
});

it.each(symbols.map((symbol) => [symbol.name, symbol] as const))('%s', (_, symbol) => {
  const tags = symbol.getJsDocTags(checker).map(({ name }) => name);
  expect(tags).toEqual(expect.arrayContaining(['public', 'example']));
  expect(displayPartsToString(symbol.getDocumentationComment(checker)).length).toBeGreaterThan(20);
});
