/**
 * Throw-away certificates: an authority that lives as long as the run, with one leaf per host name, and one that stands
 * for itself on loopback. Nothing is written to disk and nothing is trusted by anyone.
 */
import { createHash, createPublicKey } from 'node:crypto';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';

/** A certificate chain and its private key, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface CertificateAuthority {
  /** The authority's own certificate as PEM, for clients that should verify. */
  readonly caCert: string;
  /** SHA-256 of the authority's public key (SPKI), base64: every chain that it signs holds that key. */
  readonly keyHash: string;
  /**
   * The certificate of a host, made on first use.
   * @param host a DNS name or an IP address (IPv6 with or without brackets)
   */
  certificate(host: string): Promise<Certificate>;
  /** The same as a TLS context that is ready for use. */
  context(host: string): Promise<SecureContext>;
}

const DAY = 24 * 60 * 60 * 1000;
// Browsers refuse leaves that live longer than 398 days, and clocks may differ a little.
const LIFE = { before: DAY, after: 30 * DAY };

/** Loaded by runs that need certificates only: it takes a tenth of a second. */
const selfsigned = () => import('selfsigned');

/** What all of them are: ECDSA P-256, valid from now on. */
function common() {
  const notBeforeDate = new Date(Date.now() - LIFE.before);
  const notAfterDate = new Date(Date.now() + LIFE.after);
  return { algorithm: 'sha256', keyType: 'ec', curve: 'P-256', notBeforeDate, notAfterDate } as const;
}

/** The alternative name that a host, a DNS name or an IP address, goes by. */
function altName(host: string) {
  return isIP(host) ? ({ type: 7, ip: host } as const) : ({ type: 2, value: host } as const);
}

/** Makes a new authority. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const { generate } = await selfsigned();
  const kind = common();
  const ca = await generate([{ name: 'commonName', value: 'cors-conformance throw-away authority' }], {
    ...kind,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });

  // The host stands in the alternative name only: as part of a subject its odd characters would need escaping.
  async function issue(host: string): Promise<Certificate> {
    const leaf = await generate([{ name: 'commonName', value: 'cors-conformance' }], {
      ...kind,
      ca: { key: ca.private, cert: ca.cert },
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: [altName(host)] },
      ],
    });
    return { key: leaf.private, cert: `${leaf.cert.trim()}\n${ca.cert}` };
  }

  const certificate = perHost(issue);
  const context = perHost(async host => createSecureContext(await certificate(host)));
  const publicKey = createPublicKey(ca.cert).export({ type: 'spki', format: 'der' });
  const keyHash = createHash('sha256').update(publicKey).digest('base64');
  return { caCert: ca.cert, keyHash, certificate, context };
}

/** Runs `make` once per host, also for callers that come while it runs. */
function perHost<T>(make: (host: string) => Promise<T>): (host: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return host => {
    const name = host.toLowerCase().replace(/^\[|\]$/g, '');
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

const LOOPBACK_NAMES = ['localhost', '*.localhost', '127.0.0.1', '::1'];

let loopback: Promise<Certificate> | undefined;

/** A self-signed certificate for the loopback names only, made once per process. */
export function loopbackCertificate(): Promise<Certificate> {
  loopback ??= makeLoopbackCertificate();
  return loopback;
}

async function makeLoopbackCertificate(): Promise<Certificate> {
  const { generate } = await selfsigned();
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...common(),
    extensions: [{ name: 'subjectAltName', altNames: LOOPBACK_NAMES.map(altName) }],
  });
  return { key, cert };
}
