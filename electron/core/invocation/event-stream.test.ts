import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonLines, ServerSentEvents, type EventParser, type StreamEvent } from './event-stream.ts';

function parse(parser: EventParser, pieces: Uint8Array[]): StreamEvent[] {
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

const sse = (text: string): StreamEvent[] => parse(new ServerSentEvents(), [Buffer.from(text)]);

test('names, many data lines, comments and unknown fields follow the standard', () => {
  const text =
    '\ufeff: hello\nevent: audio\ndata: {"a":\ndata:1}\nid: 7\nretry: 10\n\n\ndata\n\ndata:  x\n\nevent: none\n\n';
  expect(sse(text)).toEqual([
    { name: 'audio', data: '{"a":\n1}' },
    { name: '', data: '' },
    { name: '', data: ' x' },
  ]);
});

test('LF, CR and CR LF end lines alike, and the last event may lack its end', () => {
  for (const end of ['\n', '\r', '\r\n']) {
    const events = sse(['event: a', 'data: 1', '', 'data: 2'].join(end));
    expect(events).toEqual([
      { name: 'a', data: '1' },
      { name: '', data: '2' },
    ]);
  }
});

test('JSON lines skip empty ones', () => {
  expect(parse(new JsonLines(), [Buffer.from('\ufeff{"a":1}\r\n\r\n{"b":"é"}')])).toEqual([
    { name: '', data: '{"a":1}' },
    { name: '', data: '{"b":"é"}' },
  ]);
});

test('however the bytes are cut, also inside a character or CR LF, the events are the same', () => {
  const text = Buffer.from('event: é\r\ndata: 🎵 one\r\n\r\ndata: ☃\rdata: two\r\r{"a":"ü"}\n\n');
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), fc.boolean(), (cuts, isSse) => {
      const make = (): EventParser => (isSse ? new ServerSentEvents() : new JsonLines());
      const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
      const pieces = edges.slice(1).map((end, index) => text.subarray(edges[index], end));
      expect(parse(make(), pieces)).toEqual(parse(make(), [text]));
    }),
  );
});
