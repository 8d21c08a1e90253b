import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createCertificateAuthority, loopbackCertificate } from './certificates.ts';
import { makeCertificate } from './x509.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const life = { notBefore: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)), notAfter: new Date(Date.UTC(2051, 0, 1)) };

test('should make an authority, and leaves that it has signed', () => {
  const { caCert, certificate } = createCertificateAuthority();
  const authority = new X509Certificate(caCert);
  const leaf = new X509Certificate(certificate('api.example').cert);
  assert.deepEqual([authority.ca, leaf.ca], [true, false]);
  assert.ok(authority.verify(authority.publicKey));
  assert.ok(leaf.verify(authority.publicKey));
  assert.ok(leaf.checkIssued(authority));
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(leaf.checkHost('api.example'), 'api.example');
  assert.equal(leaf.checkHost('other.example'), undefined);
});

test('should give every certificate a number of its own', () => {
  const { certificate } = createCertificateAuthority();
  const numbers = Array.from(
    { length: 50 },
    (_, n) => new X509Certificate(certificate(`host${n}.example`).cert).serialNumber,
  );
  assert.equal(new Set(numbers).size, 50);
  assert.ok(numbers.every(number => /^[4-7]/.test(number)));
});

test('should let a leaf live for less than browsers allow', () => {
  const { validFrom, validTo } = new X509Certificate(loopbackCertificate().cert);
  assert.ok(Date.parse(validTo) - Date.parse(validFrom) < 398 * DAY_MS);
  assert.ok(Date.parse(validFrom) < Date.now() && Date.now() < Date.parse(validTo));
});

test('should write times before and after 2050 as RFC 5280 says', () => {
  const { validFrom, validTo } = new X509Certificate(makeCertificate({ name: 'x', ...life }).cert);
  assert.equal(Date.parse(validFrom), life.notBefore.getTime());
  assert.equal(Date.parse(validTo), life.notAfter.getTime());
});

test('should name hosts and addresses, however many', () => {
  const names = ['localhost', '*.localhost', '127.0.0.1', '::1', '2001:db8::ff:0:1', '1:2:3:4:5:6:7:8', '::'];
  const many = Array.from({ length: 40 }, (_, n) => `a-rather-long-name-${n}.example`);
  const { cert } = makeCertificate({ name: 'x', ...life, hosts: [...names, ...many] });
  const certificate = new X509Certificate(cert);
  for (const ip of names.slice(2)) assert.ok(certificate.checkIP(ip), ip);
  assert.equal(certificate.checkIP('::2'), undefined);
  assert.match(
    certificate.subjectAltName ?? '',
    /^DNS:localhost, DNS:\*\.localhost, IP Address:127\.0\.0\.1,/,
  );
  for (const host of ['localhost', ...many]) assert.ok(certificate.checkHost(host), host);
});
