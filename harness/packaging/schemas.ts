/** The JSON Schemas of the files that people and programs write and read, as the package holds them in schemas/. */
import { z } from 'zod';
import { caseFileSchema } from '../case/check.ts';
import { configJsonSchema } from '../policy/config/schema.ts';
import { regressSchema } from '../regress/record.ts';
import { recordSchema } from '../verdict/record.ts';

const jsonSchemaOf = (schema: z.ZodType): object =>
  z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });

/** The schemas by the paths of their files. */
export const schemaFiles = (): Readonly<Record<string, string>> => ({
  'schemas/config.schema.json': text(configJsonSchema()),
  'schemas/cases.schema.json': text(caseFileSchema()),
  'schemas/results.schema.json': text(jsonSchemaOf(recordSchema)),
  'schemas/regress.schema.json': text(jsonSchemaOf(regressSchema)),
});

const text = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;
