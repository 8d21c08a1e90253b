import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createCertificateAuthority, loopbackCertificate } from './certificates.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('should make an authority, and leaves that it has signed', async () => {
  const { caCert, certificate } = await createCertificateAuthority();
  const authority = new X509Certificate(caCert);
  const leaf = new X509Certificate((await certificate('api.example')).cert);
  assert.deepEqual([authority.ca, leaf.ca], [true, false]);
  assert.ok(authority.verify(authority.publicKey));
  assert.ok(leaf.verify(authority.publicKey));
  assert.ok(leaf.checkIssued(authority));
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(leaf.checkHost('api.example'), 'api.example');
  assert.equal(leaf.checkHost('other.example'), undefined);
});

test('should give every certificate a number of its own', async () => {
  const { certificate } = await createCertificateAuthority();
  const leaves = await Promise.all(Array.from({ length: 50 }, (_, n) => certificate(`host${n}.example`)));
  const numbers = leaves.map(({ cert }) => new X509Certificate(cert).serialNumber);
  assert.equal(new Set(numbers).size, 50);
});

test('should let a leaf live for less than browsers allow', async () => {
  const { validFrom, validTo } = new X509Certificate((await loopbackCertificate()).cert);
  assert.ok(Date.parse(validTo) - Date.parse(validFrom) < 398 * DAY_MS);
  assert.ok(Date.parse(validFrom) < Date.now() && Date.now() < Date.parse(validTo));
});

test('should name the loopback hosts and addresses', async () => {
  const certificate = new X509Certificate((await loopbackCertificate()).cert);
  assert.match(
    certificate.subjectAltName ?? '',
    /^DNS:localhost, DNS:\*\.localhost, IP Address:127\.0\.0\.1,/,
  );
  for (const ip of ['127.0.0.1', '::1']) assert.ok(certificate.checkIP(ip), ip);
  assert.equal(certificate.checkIP('::2'), undefined);
});

test('should name an address as one, with brackets or without', async () => {
  const { certificate } = await createCertificateAuthority();
  for (const host of ['2001:db8::1', '[2001:db8::1]', '192.0.2.1'])
    assert.ok(new X509Certificate((await certificate(host)).cert).checkIP(host.replace(/[[\]]/g, '')), host);
});
