import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

function openGate() {
  const gate = new Gate('soundpost-1', 8000);
  const token = new URL(gate.entryUrl).searchParams.get('token');
  const cookie = gate.redeem(token)?.split(';')[0] ?? '';
  return { gate, token, cookie, host: 'soundpost-1.localhost:8000', origin: gate.origin };
}

test('a token is good for one cookie and then dead', () => {
  const { gate, token, cookie } = openGate();
  expect(cookie).toMatch(/^soundpost=.{30,}$/);
  expect(gate.redeem(token)).toBeNull();
  expect(gate.entryUrl).not.toContain(String(token));
});

test('a wrong token leaves the right one alive', () => {
  const gate = new Gate('a', 1);
  expect(gate.redeem('x')).toBeNull();
  expect(gate.redeem(null)).toBeNull();
  expect(gate.redeem(new URL(gate.entryUrl).searchParams.get('token'))).not.toBeNull();
});

test('our page is known by host and cookie, among other cookies too', () => {
  const { gate, host, cookie } = openGate();
  expect(gate.isOurPage({ host, cookie })).toBe(true);
  expect(gate.isOurPage({ host, cookie: `a=b; ${cookie}; c=d` })).toBe(true);
  expect(gate.isOurPage({ host })).toBe(false);
  expect(gate.isOurPage({ host, cookie: `x${cookie}` })).toBe(false);
  expect(gate.isOurPage({ cookie })).toBe(false);
  expect(gate.isOurPage({ host: '127.0.0.1:8000', cookie })).toBe(false);
});

test('a page of another site is refused even with the cookie', () => {
  const { gate, host, cookie } = openGate();
  expect(gate.isOurPage({ host, cookie, 'sec-fetch-site': 'cross-site' })).toBe(false);
  expect(gate.isOurPage({ host, cookie, 'sec-fetch-site': 'same-site' })).toBe(false);
  expect(gate.isOurPage({ host, cookie, 'sec-fetch-site': 'none' })).toBe(true);
});

test('what changes something must name our origin', () => {
  const { gate, host, origin, cookie } = openGate();
  expect(gate.isOurScript({ host, cookie, origin })).toBe(true);
  expect(gate.isOurScript({ host, cookie })).toBe(false);
  expect(gate.isOurScript({ host, cookie, origin: 'null' })).toBe(false);
  expect(gate.isOurScript({ host, cookie, origin: 'http://soundpost-1.localhost:8001' })).toBe(
    false,
  );
});
