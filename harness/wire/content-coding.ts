/** Content codings (RFC 9110, 8.4.1), taken off as clients do. */
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib';
import { type HeaderLine, headerValues, type WireResponse } from './exchange.ts';

/** A few kilobytes can stand for gigabytes; nobody here needs more of them than this. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Bytes that end too early are no error in any of the engines: what was there is decoded. */
const zlib: ZlibOptions = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_BYTES };
const brotli = { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: MOST_BYTES };

type Decoder = (bytes: Buffer) => Buffer;

/** What one decoder refuses, another may take; a bomb is none for the other either. */
const orElse =
  (decode: Decoder, otherwise: Decoder): Decoder =>
  bytes => {
    try {
      return decode(bytes);
    } catch (error) {
      if (isBomb(error)) throw error;
      return otherwise(bytes);
    }
  };

/** What follows a member, and its check sum, matter to no engine: where they are wrong, the data stands all the same. */
const gunzip = orElse(
  bytes => gunzipSync(bytes, zlib),
  bytes => inflateRawSync(bytes.subarray(gzipHeaderLength(bytes)), zlib),
);

/** RFC 1952, 2.3. @throws Error if it does not begin like gzip */
function gzipHeaderLength(bytes: Buffer): number {
  if (bytes.readUIntBE(0, 3) !== 0x1f8b08) throw new Error('not gzip');
  const flags = bytes.readUInt8(3);
  let at = 10;
  if (flags & 4) at += 2 + bytes.readUInt16LE(at);
  for (const flag of [8, 16]) if (flags & flag) at = bytes.indexOf(0, at) + 1;
  return flags & 2 ? at + 2 : at;
}

const isBomb = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';

/** Many servers send "deflate" without the zlib header that belongs to it, and all engines take that. */
const inflate = orElse(
  bytes => inflateSync(bytes, zlib),
  bytes => inflateRawSync(bytes, zlib),
);

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: bytes => brotliDecompressSync(bytes, brotli),
  identity: bytes => bytes,
};

export interface Decoded {
  /** As far as the codings could be taken off. */
  readonly body: Buffer;
  /** The bytes are not so coded. */
  readonly failed: boolean;
}

/**
 * Takes the codings of Content-Encoding off a body (Fetch, "handle content codings"). None is taken off where one is
 * unknown (zstd is, too), and a bomb of more than 4 MiB is left as it is: it costs too much to find out.
 * @param headers of the answer
 * @param bytes the body, or the beginning of it
 */
export function decodeContent(headers: readonly HeaderLine[], bytes: Buffer): Decoded {
  const codings = codingsOf(headers);
  const decoders = codings.flatMap(coding => DECODERS[coding] ?? []);
  let body = bytes;
  if (bytes.length === 0 || decoders.length < codings.length) return { body, failed: false };
  try {
    for (const decode of decoders.reverse()) body = decode(body);
    return { body, failed: false };
  } catch (error) {
    return { body, failed: !isBomb(error) };
  }
}

/**
 * What a record says of a body's coding: nothing if it can be taken off.
 * @param response with the body, or its first bytes, isomorphic
 */
export function undecodable({ status, headers, body = '' }: Omit<WireResponse, 'bodyBytes'>): {
  undecodable?: true;
} {
  // A part of coded bytes cannot be decoded by itself.
  const fails = status !== 206 && decodeContent(headers, Buffer.from(body, 'latin1')).failed;
  return fails ? { undecodable: true } : {};
}

/** In the order in which they were applied. */
const codingsOf = (headers: readonly HeaderLine[]): string[] =>
  headerValues(headers, 'content-encoding')
    .flatMap(value => value.split(','))
    .map(coding => coding.trim().toLowerCase())
    .filter(coding => coding !== '');
