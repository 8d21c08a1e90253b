/** Throw-away certificates: an authority that lives as long as the run, and one leaf per host name. */
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { generate } from 'selfsigned';

/** A certificate chain and its private key, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface CertificateAuthority {
  /** The authority's own certificate as PEM, for clients that should verify. */
  readonly caCert: string;
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

/** Makes a new authority (ECDSA P-256). Nothing is written to disk and nothing is trusted by anyone. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const notBeforeDate = new Date(Date.now() - LIFE.before);
  const notAfterDate = new Date(Date.now() + LIFE.after);
  const common = { algorithm: 'sha256', keyType: 'ec', curve: 'P-256', notBeforeDate, notAfterDate } as const;
  const ca = await generate([{ name: 'commonName', value: 'cors-conformance throw-away authority' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });

  // The host stands in the alternative name only: as part of a subject its odd characters would need escaping.
  async function issue(host: string): Promise<Certificate> {
    const leaf = await generate([{ name: 'commonName', value: 'cors-conformance' }], {
      ...common,
      ca: { key: ca.private, cert: ca.cert },
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: [isIP(host) ? { type: 7, ip: host } : { type: 2, value: host }] },
      ],
    });
    return { key: leaf.private, cert: `${leaf.cert.trim()}\n${ca.cert}` };
  }

  const certificate = perHost(issue);
  const context = perHost(async host => createSecureContext(await certificate(host)));
  return { caCert: ca.cert, certificate, context };
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
