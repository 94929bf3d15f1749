/** Returns a function that computes a value on its first call and returns the same value on every later call. */
export function once<T>(read: () => T): () => T {
  let value: { readonly read: T } | undefined;
  return () => {
    value ??= { read: read() };
    return value.read;
  };
}
