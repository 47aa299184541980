import { expect, test } from 'vitest';
import { approvedIn, isApprovedFor } from './approved-hosts.ts';

const origin = 'https://my.example';
const studio = { id: 'k1', last4: '1234' };

test('a yes holds for the host and the key that was asked about, and for no other', () => {
  const hosts = [{ origin, key: studio }];
  expect(isApprovedFor(hosts, origin, studio)).toBe(true);
  expect(isApprovedFor(hosts, origin, { id: 'k2', last4: '5678' })).toBe(false);
  expect(isApprovedFor(hosts, origin, { id: 'k2', last4: '1234' })).toBe(false);
  expect(isApprovedFor(hosts, origin, { id: null, last4: '1234' })).toBe(false);
  expect(isApprovedFor(hosts, 'http://my.example', studio)).toBe(false);
  expect(isApprovedFor(hosts, 'https://my.example:8443', studio)).toBe(false);
});

test('a key that took the place of another under its name is asked about anew', () => {
  expect(isApprovedFor([{ origin, key: studio }], origin, { ...studio, last4: '9999' })).toBe(
    false,
  );
});

test('a key that was kept after it was asked about is the same key', () => {
  const hosts = [{ origin, key: { id: null, last4: '1234' } }];
  expect(isApprovedFor(hosts, origin, studio)).toBe(true);
});

test('a host that may have a key may be asked without one, and not the other way round', () => {
  expect(isApprovedFor([{ origin, key: studio }], origin, null)).toBe(true);
  expect(isApprovedFor([{ origin, key: null }], origin, studio)).toBe(false);
});

test('a yes of before it was kept which key was meant holds for no key, also not for one that nothing is known of', () => {
  const hosts = approvedIn({ approvedOrigins: [origin] });
  expect(isApprovedFor(hosts, origin, studio)).toBe(false);
  expect(isApprovedFor(hosts, origin, { id: null, last4: '' })).toBe(false);
  expect(isApprovedFor(hosts, origin, null)).toBe(true);
});
