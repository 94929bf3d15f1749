/** What the selectors of a trail record: a decision table, and that nothing odd records anything. */
import { readRecorders, TrailError } from '@leasehold/usage';
import fc from 'fast-check';

const TrailARN = 'arn:aws:cloudtrail:ap-northeast-2:123456789012:trail/main';
const EventDataStoreArn = 'arn:aws:cloudtrail:ap-northeast-2:123456789012:eventdatastore/0a1b2c3d';
const recorders = (...values: readonly unknown[]) =>
  readRecorders(values.map((value, index) => ({ place: `${index}`, text: JSON.stringify(value) })));

/** Which events are recorded: management events that read and that write, and data events on tables, likewise. */
function recorded(selectors: object): string {
  const found = recorders({ TrailARN, ...selectors }).trail('123456789012');
  const kinds = [
    ['m', (readOnly: boolean) => found?.management('ec2.amazonaws.com', readOnly)],
    ['d', (readOnly: boolean) => found?.data('AWS::DynamoDB::Table', readOnly)],
  ] as const;
  return kinds
    .flatMap(([name, includes]) => [includes(true) && `${name}r`, includes(false) && `${name}w`])
    .filter(Boolean)
    .join(' ');
}

const basic = (overrides: object) => ({
  EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ...overrides }],
});
const TABLES = { Type: 'AWS::DynamoDB::Table', Values: ['arn:aws:dynamodb'] };
const advanced = (...FieldSelectors: readonly unknown[]) => ({ AdvancedEventSelectors: [{ FieldSelectors }] });
const equals = (Field: unknown, ...Equals: readonly unknown[]) => ({ Field, Equals });
const MANAGEMENT = equals('eventCategory', 'Management');
const DATA = equals('eventCategory', 'Data');
const TYPE = equals('resources.type', 'AWS::DynamoDB::Table');

it.each<[what: string, selectors: object, kinds: string]>([
  ['all', basic({ DataResources: [TABLES] }), 'mr mw dr dw'],
  ['no data events', basic({}), 'mr mw'],
  ['reads', basic({ ReadWriteType: 'ReadOnly', DataResources: [TABLES] }), 'mr dr'],
  ['changes', basic({ ReadWriteType: 'WriteOnly', DataResources: [TABLES] }), 'mw dw'],
  ['an unknown type', basic({ ReadWriteType: 'all' }), ''],
  ['no type', basic({ ReadWriteType: undefined }), ''],
  ['null as the type', basic({ ReadWriteType: null }), ''],
  ['a list as the type', basic({ ReadWriteType: ['All'] }), ''],
  ['no management events', basic({ IncludeManagementEvents: false, DataResources: [TABLES] }), 'dr dw'],
  ['management events as a text', basic({ IncludeManagementEvents: 'false' }), ''],
  ['management events as null', basic({ IncludeManagementEvents: null }), ''],
  ['management events that are not mentioned', basic({ IncludeManagementEvents: undefined }), ''],
  ['an excluded source', basic({ ExcludeManagementEventSources: ['ec2.amazonaws.com'] }), ''],
  ['another excluded source', basic({ ExcludeManagementEventSources: ['kms.amazonaws.com'] }), 'mr mw'],
  ['an excluded source as a text', basic({ ExcludeManagementEventSources: 'ec2.amazonaws.com' }), ''],
  ['an excluded source in a list', basic({ ExcludeManagementEventSources: [['ec2.amazonaws.com']] }), ''],
  ['one table', basic({ DataResources: [{ ...TABLES, Values: [`arn:aws:dynamodb:x:1:table/a`] }] }), 'mr mw'],
  ['resources as an object', basic({ DataResources: TABLES }), 'mr mw'],
  ['values as a text', basic({ DataResources: [{ ...TABLES, Values: 'arn:aws:dynamodb' }] }), 'mr mw'],
  ['a resource that is null', basic({ DataResources: [null] }), 'mr mw'],
  ['a selector that is null', { EventSelectors: [null] }, ''],
  ['a selector that is a text', { EventSelectors: ['All'] }, ''],

  ['advanced: management events', advanced(MANAGEMENT), 'mr mw'],
  ['advanced: data events', advanced(DATA, TYPE), 'dr dw'],
  ['advanced: reads', advanced(MANAGEMENT, equals('readOnly', 'true')), 'mr'],
  ['advanced: reads and changes', advanced(MANAGEMENT, equals('readOnly', 'true', 'false')), 'mr mw'],
  ['advanced: reads as no text', advanced(MANAGEMENT, equals('readOnly', true, 'false')), ''],
  ['advanced: reads without a value', advanced(MANAGEMENT, { Field: 'readOnly' }), ''],
  ['advanced: data events of every type', advanced(DATA), ''],
  ['advanced: no field', advanced(), ''],
  ['advanced: only the type', advanced(TYPE), ''],
  ['advanced: only reads', advanced(equals('readOnly', 'true')), ''],
  ['advanced: management events with a type', advanced(MANAGEMENT, TYPE), ''],
  ['advanced: two categories', advanced(equals('eventCategory', 'Management', 'Data')), ''],
  ['advanced: two categories, with a type', advanced(equals('eventCategory', 'Data', 'Management'), TYPE), ''],
  ['advanced: another category', advanced(equals('eventCategory', 'Insight')), ''],
  ['advanced: a category in other case', advanced(equals('eventCategory', 'management')), ''],
  ['advanced: a category as a text', advanced({ Field: 'eventCategory', Equals: 'Management' }), ''],
  ['advanced: a category in a list', advanced(equals('eventCategory', ['Management'])), ''],
  ['advanced: a category twice', advanced(MANAGEMENT, MANAGEMENT), ''],
  ['advanced: a start of a category', advanced({ Field: 'eventCategory', StartsWith: ['Management'] }), ''],
  ['advanced: not another category', advanced({ Field: 'eventCategory', NotEquals: ['Data'] }), ''],
  ['advanced: two operators', advanced({ ...MANAGEMENT, NotEquals: ['Data'] }), ''],
  ['advanced: an operator that is null', advanced({ ...MANAGEMENT, EndsWith: null }), ''],
  ['advanced: a further field', advanced(MANAGEMENT, equals('eventSource', 'ec2.amazonaws.com')), ''],
  ['advanced: a field of another type', advanced(equals(['eventCategory'], 'Management')), ''],
  ['advanced: null', advanced(null), ''],
  ['advanced: null beside the category', advanced(MANAGEMENT, null), ''],
  ['advanced: a text beside the category', advanced(MANAGEMENT, 'readOnly'), ''],
  ['advanced: fields as an object', { AdvancedEventSelectors: [{ FieldSelectors: MANAGEMENT }] }, ''],
  ['advanced: no fields', { AdvancedEventSelectors: [{ FieldSelectors: null }] }, ''],
  ['advanced: a selector that is null', { AdvancedEventSelectors: [null] }, ''],
])('a trail with %s', (_, selectors, kinds) => expect(recorded(selectors)).toBe(kinds));

const NAMES = ['ReadWriteType', 'IncludeManagementEvents', 'DataResources', 'FieldSelectors', 'Field', 'Equals'];
const odd = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, 0, true, '', 'eventCategory', 'Insight', 'readOnly'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 3 }),
  ),
}));

it('records nothing because of selectors without a known category or type, and never fails', () => {
  fc.assert(
    fc.property(fc.array(odd.value), fc.array(odd.value), (EventSelectors, AdvancedEventSelectors) => {
      expect(recorded({ EventSelectors, AdvancedEventSelectors })).toBe('');
    }),
  );
});

it('reads any JSON, or rejects it with an error of its own', () => {
  const names = ['TrailARN', 'EventDataStoreArn', 'AdvancedEventSelectors', 'Trail', 'trailList'];
  const file = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(odd.value, fc.constantFrom(TrailARN, EventDataStoreArn)),
  );
  fc.assert(
    fc.property(fc.oneof(odd.value, file), (value) => {
      try {
        recorders(value);
      } catch (error) {
        expect(error).toBeInstanceOf(TrailError);
      }
    }),
  );
});
