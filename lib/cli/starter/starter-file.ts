/** A file of the starter project. */
export interface StarterFile {
  /** Path relative to the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}
