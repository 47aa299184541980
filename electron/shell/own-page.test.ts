import { expect, test } from 'vitest';
import { isOwnPage } from './own-page.ts';

test('only our own page’s top frame is ours', () => {
  expect(isOwnPage({ url: 'app://soundpost/', parent: null })).toBe(true);
  expect(isOwnPage({ url: 'app://soundpost/', parent: {} })).toBe(false);
  expect(isOwnPage(null)).toBe(false);
  for (const url of [
    'app://soundpost.evil/',
    'app://evil/?app://soundpost/',
    'https://soundpost/',
    'about:blank',
    '',
    'file:///soundpost',
  ]) {
    expect(isOwnPage({ url, parent: null }), url).toBe(false);
  }
});
