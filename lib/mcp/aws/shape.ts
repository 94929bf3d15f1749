/**
 * The part of the SDK's schemas that this package reads. SDK clients released since December 2025 contain the schemas
 * of their service.
 */

/** A shape in a service model, with the interface of `NormalizedSchema` in `@smithy/core/schema`. */
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

/**
 * Members of a structure by name. The result is a map, so that looking up a name such as `constructor` does not return
 * an inherited property.
 */
export function membersOf(shape: Shape): ReadonlyMap<string, Shape> {
  return new Map(shape.structIterator());
}
