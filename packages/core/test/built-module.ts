/** Address of a built module of this package, for a process to import. */
export function builtModule(path: string): string {
  return new URL(`../dist/${path}`, import.meta.url).href
}
