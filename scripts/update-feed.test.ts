import { expect, test } from 'vitest';
import { updateFeed } from './update-feed.ts';

test('a package looks for updates where it was told to when it was made, and nowhere without that', () => {
  expect(updateFeed({})).toBeNull();
  expect(updateFeed({ SOUNDPOST_UPDATE_FEED: '' })).toBeNull();
  expect(updateFeed({ SOUNDPOST_UPDATE_FEED: 'github:someone/soundpost' })).toEqual({
    ...{ provider: 'github', owner: 'someone', repo: 'soundpost' },
  });
  expect(updateFeed({ SOUNDPOST_UPDATE_FEED: 'https://example.com/soundpost' })).toEqual({
    ...{ provider: 'generic', url: 'https://example.com/soundpost' },
  });
});

test.each(['http://example.com', 'someone/soundpost', 'github:someone', 'file:///etc'])(
  '%s is no place for updates',
  (feed) => {
    expect(() => updateFeed({ SOUNDPOST_UPDATE_FEED: feed })).toThrow('SOUNDPOST_UPDATE_FEED');
  },
);
