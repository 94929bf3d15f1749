/** Returns a function that computes a value at its first call, and returns the same value at every further call. */
export function once<T>(read: () => T): () => T {
  let value: { readonly read: T } | undefined;
  return () => {
    value ??= { read: read() };
    return value.read;
  };
}
