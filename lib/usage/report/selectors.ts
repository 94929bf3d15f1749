/**
 * Reads the event selectors of a trail from the output of `aws cloudtrail get-event-selectors`. Only a selector that
 * covers all events of a kind counts. A selector that is limited to some resources or events is ignored. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
 */
import { TrailError } from '../error';
import { field, listOf, textOf } from '../record/record';

export interface Selectors {
  /** Whether all management events of a kind are recorded. */
  management(eventSource: string, readOnly: boolean): boolean;
  /** Whether all data events on resources of a type are recorded. */
  data(resourceType: string, readOnly: boolean): boolean;
}

/** The selectors in a JSON text. @throws {TrailError} */
export function readSelectors(text: string, place: string): Selectors {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notSelectors(place, cause);
  }
  const [basic, advanced] = [field(value, 'EventSelectors'), field(value, 'AdvancedEventSelectors')];
  if (!Array.isArray(basic) && !Array.isArray(advanced)) throw notSelectors(place);
  const readers = [...listOf(basic).map(basicSelector), ...listOf(advanced).map(advancedSelector)];
  return {
    management: (source, readOnly) => readers.some((each) => each.management(source, readOnly)),
    data: (type, readOnly) => readers.some((each) => each.data(type, readOnly)),
  };
}

const NOTHING: Selectors = { management: () => false, data: () => false };

/** The values in a basic event selector that select all resources of a type. */
const ALL: Readonly<Record<string, RegExp>> = {
  'AWS::S3::Object': /^arn:aws[a-z-]*:s3(?::::?)?$/,
  'AWS::Lambda::Function': /^arn:aws[a-z-]*:lambda$/,
  'AWS::DynamoDB::Table': /^arn:aws[a-z-]*:dynamodb$/,
};

function basicSelector(selector: unknown): Selectors {
  const kind = textOf(field(selector, 'ReadWriteType')) ?? 'All';
  const includes = (readOnly: boolean) => kind === 'All' || kind === (readOnly ? 'ReadOnly' : 'WriteOnly');
  const excluded = new Set(listOf(field(selector, 'ExcludeManagementEventSources')));
  const withManagement = field(selector, 'IncludeManagementEvents') !== false;
  const types = new Set(
    listOf(field(selector, 'DataResources')).flatMap((resource) => {
      const type = textOf(field(resource, 'Type')) ?? '';
      const all = Object.hasOwn(ALL, type) ? ALL[type] : undefined;
      return listOf(field(resource, 'Values')).some((value) => all?.test(textOf(value) ?? '')) ? [type] : [];
    }),
  );
  return {
    management: (source, readOnly) => withManagement && includes(readOnly) && !excluded.has(source),
    data: (type, readOnly) => types.has(type) && includes(readOnly),
  };
}

/** A selector with an unknown field is treated as limited, because the field may exclude events. */
function advancedSelector(selector: unknown): Selectors {
  const values = new Map<string, readonly unknown[]>();
  for (const each of listOf(field(selector, 'FieldSelectors'))) {
    const name = textOf(field(each, 'Field')) ?? '';
    const operators = Object.keys(each as object).filter((key) => key !== 'Field' && field(each, key) !== undefined);
    if (!FIELDS.has(name) || values.has(name) || operators.join() !== 'Equals') return NOTHING;
    values.set(name, listOf(field(each, 'Equals')));
  }
  const [category, types, reads] = ['eventCategory', 'resources.type', 'readOnly'].map((name) => values.get(name));
  const includes = (readOnly: boolean) => reads === undefined || reads.includes(String(readOnly));
  return {
    management: (_, readOnly) => types === undefined && category?.includes('Management') === true && includes(readOnly),
    data: (type, readOnly) =>
      category?.includes('Data') === true && types?.includes(type) === true && includes(readOnly),
  };
}

const FIELDS: ReadonlySet<string> = new Set(['eventCategory', 'resources.type', 'readOnly']);

function notSelectors(place: string, cause?: unknown): TrailError {
  return new TrailError(
    {
      code: 'unreadable-file',
      message: `${place} does not contain event selectors`,
      hint: 'Write the output of `aws cloudtrail get-event-selectors` into it.',
    },
    { cause },
  );
}
