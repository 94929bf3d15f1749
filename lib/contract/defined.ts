/** `T` without `undefined`: a property that may be undefined becomes an optional property. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/**
 * The properties of `object` that have a value. Optional properties are absent, never undefined
 * (`exactOptionalPropertyTypes`), so that an object has only one form in JSON, hashes and comparisons.
 *
 * @example { name, ...defined({ description, tags: role?.tags }) }
 */
export function defined<const T extends object>(object: T): Defined<T> {
  // `fromEntries` defines own properties, so that a key `__proto__` remains a key.
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
