/**
 * Throw-away certificates: an authority that lives as long as the run, with one leaf per host name, and one that stands
 * for itself on loopback. Nothing is written to disk and nothing is trusted by anyone.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { makeCertificate } from './x509.ts';

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
  certificate(host: string): Certificate;
  /** The same as a TLS context that is ready for use. */
  context(host: string): SecureContext;
}

const DAY = 24 * 60 * 60 * 1000;
// Browsers refuse leaves that live longer than 398 days, and clocks may differ a little.
const LIFE = { before: DAY, after: 30 * DAY };

const lifetime = () => ({
  notBefore: new Date(Date.now() - LIFE.before),
  notAfter: new Date(Date.now() + LIFE.after),
});

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;

const AUTHORITY = 'cors-conformance throw-away authority';

/** Makes a new authority. */
export function createCertificateAuthority(): CertificateAuthority {
  const { cert: caCert, key } = makeCertificate({ name: AUTHORITY, ...lifetime() });
  const issuer = { name: AUTHORITY, key };
  // The host stands in the alternative name only: as part of a subject its odd characters would need escaping.
  const certificate = perHost((host): Certificate => {
    const leaf = makeCertificate({ name: 'cors-conformance', ...lifetime(), hosts: [host], issuer });
    return { key: pemOf(leaf.key), cert: leaf.cert + caCert };
  });
  const context = perHost(host => createSecureContext(certificate(host)));
  const publicKey = createPublicKey(caCert).export({ type: 'spki', format: 'der' });
  const keyHash = createHash('sha256').update(publicKey).digest('base64');
  return { caCert, keyHash, certificate, context };
}

/** Runs `make` once per host. */
function perHost<T>(make: (host: string) => T): (host: string) => T {
  const made = new Map<string, T>();
  return host => {
    const name = host.toLowerCase().replace(/^\[|\]$/g, '');
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

const LOOPBACK_NAMES = ['localhost', '*.localhost', '127.0.0.1', '::1'];

let loopback: Certificate | undefined;

/** A self-signed certificate for the loopback names only, made once per process. */
export function loopbackCertificate(): Certificate {
  if (loopback === undefined) {
    const { cert, key } = makeCertificate({ name: 'localhost', ...lifetime(), hosts: LOOPBACK_NAMES });
    loopback = { cert, key: pemOf(key) };
  }
  return loopback;
}
