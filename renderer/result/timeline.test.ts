import { describe, expect, it } from 'vitest';
import { stretches } from './timeline.ts';

describe('the timeline of a run', () => {
  it('is upload, model, receive, one after the other', () => {
    const timings = { connected: 40, uploaded: 110, firstByte: 310, received: 1835, total: 1840 };
    expect(stretches(timings)).toEqual([
      { name: 'upload', from: 0, to: 110 },
      { name: 'model', from: 110, to: 310 },
      { name: 'receive', from: 310, to: 1835 },
    ]);
  });

  it('ends with the stretch that broke off', () => {
    expect(stretches({ connected: 40, uploaded: 110, total: 900 })).toEqual([
      { name: 'upload', from: 0, to: 110 },
      { name: 'model', from: 110, to: 900 },
    ]);
    expect(stretches({ connected: 4, total: 12 })).toEqual([{ name: 'upload', from: 0, to: 12 }]);
  });

  it('has no upload when nothing was connected', () => {
    expect(stretches({ total: 130 })).toEqual([]);
  });

  it('names decoding when it took a while', () => {
    const names = stretches({ uploaded: 1, firstByte: 2, received: 3, total: 500 }).map(
      ({ name }) => name,
    );
    expect(names).toEqual(['upload', 'model', 'receive', 'decode']);
  });

  it('has no stretch of negative length when the answer came before the upload was over', () => {
    const all = stretches({ uploaded: 200, firstByte: 100, received: 300, total: 300 });
    expect(all.every(({ from, to }) => to >= from)).toBe(true);
    expect(all.at(-1)).toEqual({ name: 'receive', from: 200, to: 300 });
  });
});
