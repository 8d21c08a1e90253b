/** Sample bodies of an API description, written as their type wants them. Pure. */

/** A body, and its type with all parameters. */
export interface SampleBody {
  readonly body: string;
  readonly contentType: string;
}

/** Any text that no sample contains. */
const BOUNDARY = 'cors-conformance-sample';

/**
 * @param value a sample: a text, or what the type is made from
 * @param isFile whether a field of a form is a file
 * @returns null if nobody here knows how to write such a value in this type
 */
export function written(
  contentType: string,
  value: unknown,
  isFile: (field: string) => boolean = () => false,
): SampleBody | null {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : null;
  if (type === 'multipart/form-data' && fields)
    return {
      body: `${fields.map(([name, one]) => part(name, textOf(one), isFile(name))).join('')}--${BOUNDARY}--\r\n`,
      contentType: `multipart/form-data; boundary=${BOUNDARY}`,
    };
  if (type === 'application/x-www-form-urlencoded' && fields)
    return {
      body: fields.map(([name, one]) => `${encoded(name)}=${encoded(textOf(one))}`).join('&'),
      contentType,
    };
  if (typeof value === 'string' && !isJson(type)) return { body: value, contentType };
  if (isJson(type) || fields === null)
    return { body: typeof value === 'string' ? value : JSON.stringify(value), contentType };
  return null;
}

const isJson = (type: string): boolean => /[/+]json$/.test(type);

const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** application/x-www-form-urlencoded (URL Standard) has + for a space. */
const encoded = (text: string): string => encodeURIComponent(text).replace(/%20/g, '+');

/** RFC 7578, 4.2: one field of a form. */
function part(name: string, value: string, isFile: boolean): string {
  const quoted = name.replace(/["\r\n]/g, one => encodeURIComponent(one));
  const lines = isFile
    ? [`name="${quoted}"; filename="sample.txt"`, 'Content-Type: text/plain', '', value || 'sample']
    : [`name="${quoted}"`, '', value];
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; ${lines.join('\r\n')}\r\n`;
}
