/** Fetch, "extract" a body with type: what is sent, and the Content-Type that comes with it. */
import { byteLowercase, utf8 } from './bytes.ts';
import type { RequestBody, ScriptBody } from './types.ts';

/** Engines make up a boundary of their own; any will do here. */
const BOUNDARY = '----formdata-boundary-0000000000000000';

export interface BodyWithType {
  readonly body: RequestBody;
  /** Null where the type that script passes implies none. */
  readonly type: string | null;
}

const BLOB_TYPE = /^[ -~]*$/;

export function extractBody(body: ScriptBody): BodyWithType {
  if (typeof body === 'string') return replayable(utf8(body), 'text/plain;charset=UTF-8');
  if ('bytes' in body) return replayable('x'.repeat(body.bytes), 'text/plain;charset=UTF-8');
  if ('urlencoded' in body) {
    const text = new URLSearchParams(body.urlencoded.map(([name, value]) => [name, value])).toString();
    return replayable(text, 'application/x-www-form-urlencoded;charset=UTF-8');
  }
  if ('multipart' in body) {
    const parts = body.multipart.map(
      ([name, value]) =>
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${crlf(value)}\r\n`,
    );
    return replayable(
      utf8(`${parts.join('')}--${BOUNDARY}--\r\n`),
      `multipart/form-data; boundary=${BOUNDARY}`,
    );
  }
  if ('blob' in body) {
    // File API: a Blob's type is lower-cased, and dropped where it has characters outside printable ASCII.
    const type = BLOB_TYPE.test(body.type) ? byteLowercase(body.type) : '';
    return replayable(body.blob, type === '' ? null : type);
  }
  if ('stream' in body) return { body: { bytes: body.stream, replayable: false }, type: null };
  return replayable(body.buffer, null);
}

function replayable(bytes: string, type: string | null): BodyWithType {
  return { body: { bytes, replayable: true }, type };
}

/** HTML, "multipart/form-data encoding algorithm". */
function escapeName(name: string): string {
  return crlf(name).replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}

function crlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}
