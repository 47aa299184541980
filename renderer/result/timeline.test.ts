import { describe, expect, it } from 'vitest';
import { stretches, waitedWords } from './timeline.ts';

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

  it('tells the last try apart from the wait before it', () => {
    const timings = {
      lastTry: 4300,
      connected: 4301,
      uploaded: 4310,
      firstByte: 4400,
      total: 4500,
    };
    const all = stretches(timings);
    expect(all).toEqual([
      { name: 'wait', from: 0, to: 4300 },
      { name: 'upload', from: 4300, to: 4310 },
      { name: 'model', from: 4310, to: 4400 },
      { name: 'receive', from: 4400, to: 4500 },
    ]);
    expect(waitedWords(all, 3)).toBe('waited 4.30 s over 3 tries');
    expect(waitedWords(stretches({ total: 5 }))).toBeNull();
  });

  it('ends with the wait that it broke off in', () => {
    const timings = { uploaded: 10, firstByte: 20, received: 21, paused: 21, total: 2800 };
    const all = stretches(timings);
    expect(all.at(-1)).toEqual({ name: 'wait', from: 21, to: 2800 });
    expect(all.map(({ name }) => name)).toEqual(['upload', 'model', 'receive', 'wait']);
    expect(waitedWords(all)).toBe('waited 2.78 s over 1 try');
    expect(stretches({ lastTry: 900, paused: 900, total: 1000 }).map(({ name }) => name)).toEqual([
      'wait',
      'wait',
    ]);
  });

  it('has no stretch of negative length when the answer came before the upload was over', () => {
    const all = stretches({ uploaded: 200, firstByte: 100, received: 300, total: 300 });
    expect(all.every(({ from, to }) => to >= from)).toBe(true);
    expect(all.at(-1)).toEqual({ name: 'receive', from: 200, to: 300 });
  });
});
