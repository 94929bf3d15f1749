/** The part of the SDK's schemas that is read here. Every client since December 2025 contains the schemas of its service. */

/** A shape of a service's model, as `NormalizedSchema` of `@smithy/core/schema` presents it. */
export interface Shape {
  isStructSchema(): boolean;
  isListSchema(): boolean;
  isMapSchema(): boolean;
  isBlobSchema(): boolean;
  isTimestampSchema(): boolean;
  isStringSchema(): boolean;
  isBooleanSchema(): boolean;
  isNumericSchema(): boolean;
  isBigIntegerSchema(): boolean;
  isBigDecimalSchema(): boolean;
  isDocumentSchema(): boolean;
  isUnitSchema(): boolean;
  isStreaming(): boolean;
  getEventStreamMember(): string;
  getMergedTraits(): { readonly sensitive?: unknown };
  getValueSchema(): Shape;
  structIterator(): Iterable<readonly [name: string, shape: Shape]>;
}

/** Members of a structure by name. A map, so that `constructor` is no member. */
export function membersOf(shape: Shape): ReadonlyMap<string, Shape> {
  return new Map(shape.structIterator());
}
