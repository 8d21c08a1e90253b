/** Where a target answers: for browsers, and for whoever connects to it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { speaksHttp2Only, startHttp2Bridge } from '../wire/http2-bridge.ts';
import { type Upstream, upstreamOf } from '../wire/server-link.ts';
import { TargetError } from './errors.ts';

/** A Unix socket as a configuration writes it. */
const UNIX_SOCKET = /^unix:(.+)$/;

/** The URL by which browsers know a target, whose configuration may name a Unix socket. */
export const browserUrlOf = (url: string): string => (UNIX_SOCKET.test(url) ? 'http://localhost' : url);

export interface AddressOptions {
  readonly url?: string | undefined;
  /** Any certificate will do. */
  readonly insecure?: boolean | undefined;
  /** A file with the certificate of an authority to trust, relative to the folder of the target. */
  readonly ca?: string | undefined;
}

export interface Address {
  /** Scheme, host and port as browsers know them. */
  readonly url: string;
  readonly upstream: Upstream;
}

/** @throws TargetError if the certificate cannot be read */
export function addressOf({ url: given = '', insecure, ca }: AddressOptions, cwd: string): Address {
  const url = browserUrlOf(given);
  const plain = upstreamOf(url);
  const [, socketPath] = UNIX_SOCKET.exec(given) ?? [];
  if (socketPath !== undefined)
    return { url, upstream: { ...plain, socketPath: resolve(cwd, socketPath.replace(/^\/\/(?=\/)/, '')) } };
  if (!plain.tls || (ca === undefined && insecure === undefined)) return { url, upstream: plain };
  try {
    const authority = ca === undefined ? {} : { ca: readFileSync(resolve(cwd, ca), 'utf8') };
    const tls = { ...authority, ...(insecure !== undefined && { insecure }) };
    return { url, upstream: { ...plain, tls } };
  } catch (error) {
    throw new TargetError('not-started', `target.ca cannot be read: ${(error as Error).message}`);
  }
}

interface Bridgeable {
  readonly upstream: Upstream;
  stop(): Promise<void>;
}

/** A target that speaks HTTP/2 only, behind a bridge that speaks HTTP/1.1; any other as it is. */
export async function withBridge<T extends Bridgeable>(target: T, http2: boolean | undefined): Promise<T> {
  if (http2 === false || !(http2 ?? (await speaksHttp2Only(target.upstream)))) return target;
  const bridge = await startHttp2Bridge(target.upstream);
  const { stop } = target;
  return Object.defineProperties(target, {
    upstream: { value: bridge.upstream },
    stop: {
      value: async () => {
        await bridge.close();
        await stop.call(target);
      },
    },
  });
}
