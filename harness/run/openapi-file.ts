/** Reads an API description, from a file or a URL, and what a policy needs from it. */
import { fileURLToPath } from 'node:url';
import { bundle } from '@readme/openapi-parser';
import { sample } from 'openapi-sampler';
import { type ApiDescription, fromOpenApi } from '../policy/config/from-openapi.ts';
import { CliError } from './exit.ts';
import { readTextFile } from './text-file.ts';

/** Files begin with a byte order mark where some editors wrote them. The parser takes a resolver, whatever its types say. */
const AS_EDITORS_WRITE = {
  order: 100,
  canRead: ({ url }: { url: string }) => !/^https?:/i.test(url),
  read: ({ url }: { url: string }) => readTextFile(/^file:/i.test(url) ? fileURLToPath(url) : decodeURI(url)),
} as unknown as true;

/** Samples of what refers to itself end there. */
const MAX_SAMPLE_DEPTH = 6;

/**
 * @param source path or URL of an OpenAPI 3.x or Swagger 2.0 document, JSON or YAML; files that it refers to are read too
 * @throws CliError if it cannot be read, is not such a document, or has no paths
 */
export async function readOpenApi(source: string): Promise<ApiDescription> {
  let document: unknown;
  try {
    document = await bundle(source, { resolve: { file: AS_EDITORS_WRITE } });
  } catch (error) {
    throw new CliError(`--openapi: ${source} cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
  const { openapi, swagger } = (document ?? {}) as { openapi?: unknown; swagger?: unknown };
  if (!/^3\./.test(String(openapi)) && String(swagger) !== '2.0') {
    throw new CliError(
      `--openapi: ${source} is not an OpenAPI 3 or Swagger 2.0 document (no "openapi: 3.x", no "swagger: 2.0")`,
    );
  }
  const description = fromOpenApi(document, (schema, root) =>
    sample(schema, { skipReadOnly: true, quiet: true, maxSampleDepth: MAX_SAMPLE_DEPTH }, root),
  );
  if (description.resources.length === 0) throw new CliError(`--openapi: ${source} describes no path`);
  return description;
}
