/**
 * X.509 certificates (RFC 5280) as far as the gateway needs them, written byte by byte: a library that also reads them
 * takes as long for each as a page takes to open.
 */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { isIP } from 'node:net';

/** Who signs: the name in its certificate, and its key. */
export interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
}

export interface CertificateOptions {
  /** The common name. */
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** DNS names and IP addresses (without brackets) that it is for; without them, it is an authority's. */
  readonly hosts?: readonly string[];
  /** Default: it stands for itself. */
  readonly issuer?: Issuer;
}

/** DER tags. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  text: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** Of an alternative name. */
  dns: 0x82,
  ip: 0x87,
  /** Of an authority's key. */
  keyId: 0x80,
  /** Of a certificate. */
  version: 0xa0,
  extensions: 0xa3,
} as const;

const OID = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  subjectKeyId: '551d0e',
  keyUsage: '551d0f',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  authorityKeyId: '551d23',
  extKeyUsage: '551d25',
  serverAuth: '2b06010505070301',
} as const;

/** Bit 0 of KeyUsage, and its bits 5 and 6, each behind how many bits of the byte are unused. */
const USAGE = { digitalSignature: [7, 0x80], keyCertSignAndCrlSign: [1, 0x06] } as const;

/** A value with its tag and its length. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, value]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(TAG.sequence, ...parts);
const oid = (hex: string): Buffer => der(TAG.oid, Buffer.from(hex, 'hex'));
const bits = (unused: number, value: Buffer): Buffer => der(TAG.bits, Buffer.from([unused]), value);
const yes = der(TAG.boolean, Buffer.from([0xff]));
const algorithm = sequence(oid(OID.ecdsaWithSha256));

const nameOf = (text: string): Buffer =>
  sequence(der(TAG.set, sequence(oid(OID.commonName), der(TAG.text, Buffer.from(text)))));

/** RFC 5280, 4.1.2.5: years from 2050 on have four digits. */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')}`;
  const isLate = date.getUTCFullYear() >= 2050;
  return der(isLate ? TAG.generalizedTime : TAG.utcTime, Buffer.from(isLate ? digits : digits.slice(2)));
}

/** An IP address in bytes. */
function addressBytes(ip: string): Buffer {
  if (isIP(ip) === 4) return Buffer.from(ip.split('.').map(Number));
  const [head = '', tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::');
  const groups = (text = '') => (text === '' ? [] : text.split(':').map(group => group.padStart(4, '0')));
  const before = groups(head);
  const after = groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0000');
  return Buffer.from([...before, ...zeros, ...after].join(''), 'hex');
}

const altName = (host: string): Buffer =>
  isIP(host) ? der(TAG.ip, addressBytes(host)) : der(TAG.dns, Buffer.from(host, 'latin1'));

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [yes] : []), der(TAG.octets, value));
}

function usage([unused, value]: readonly [number, number]): Buffer {
  return extension(OID.keyUsage, bits(unused, Buffer.from([value])), true);
}

const spkiOf = (key: KeyObject): Buffer =>
  createPublicKey(key as never).export({ type: 'spki', format: 'der' });

/** Any number that tells keys apart will do. */
const keyIdOf = (key: KeyObject): Buffer => createHash('sha256').update(spkiOf(key)).digest().subarray(0, 20);

function extensionsOf(hosts: readonly string[] | undefined): Buffer[] {
  if (hosts === undefined)
    return [extension(OID.basicConstraints, sequence(yes), true), usage(USAGE.keyCertSignAndCrlSign)];
  return [
    extension(OID.basicConstraints, sequence(), true),
    usage(USAGE.digitalSignature),
    extension(OID.extKeyUsage, sequence(oid(OID.serverAuth))),
    extension(OID.subjectAltName, sequence(...hosts.map(altName))),
  ];
}

/** A positive number that no other certificate has: clients refuse two of one issuer with the same. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | ((bytes[0] as number) & 0x3f);
  return der(TAG.integer, bytes);
}

const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(bytes.toString('base64').match(/.{1,64}/g) as string[]).join('\n')}\n-----END CERTIFICATE-----\n`;

/**
 * Makes a new key (ECDSA, P-256) and its certificate.
 * @returns the certificate as PEM, and the key
 */
export function makeCertificate(options: CertificateOptions): { cert: string; key: KeyObject } {
  const { name, notBefore, notAfter, hosts } = options;
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = options.issuer ?? { name, key };
  const content = sequence(
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    serialNumber(),
    algorithm,
    nameOf(issuer.name),
    sequence(time(notBefore), time(notAfter)),
    nameOf(name),
    spkiOf(key),
    der(
      TAG.extensions,
      sequence(
        ...extensionsOf(hosts),
        extension(OID.subjectKeyId, der(TAG.octets, keyIdOf(key))),
        extension(OID.authorityKeyId, sequence(der(TAG.keyId, keyIdOf(issuer.key)))),
      ),
    ),
  );
  const signature = sign('sha256', content, issuer.key);
  return { cert: pem(sequence(content, algorithm, bits(0, signature))), key };
}
