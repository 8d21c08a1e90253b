/** Files of ours in another version of their format. */

/**
 * Why a file cannot be read although it is of the right kind.
 * @param value what it holds
 * @param schema the format that this program reads, "cors-conformance/results/2"
 * @param anew how to write an older file anew
 * @returns undefined for this version, and for what is no such file
 */
export function otherVersion(value: unknown, schema: string, anew: string): string | undefined {
  const cut = schema.lastIndexOf('/') + 1;
  const own = (value as { schema?: unknown } | null)?.schema;
  if (typeof own !== 'string' || !own.startsWith(schema.slice(0, cut))) return undefined;
  const [version, reads] = [Number(own.slice(cut)), Number(schema.slice(cut))];
  if (version === reads || !Number.isInteger(version)) return undefined;
  const what = version > reads ? 'update it with npm install cors-conformance@latest' : anew;
  return `written in version ${version} of the format, and this program reads version ${reads}: ${what}`;
}
