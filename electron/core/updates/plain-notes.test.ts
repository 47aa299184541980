import { expect, test } from 'vitest';
import { plainNotes } from './plain-notes.ts';

test('notes in HTML, as GitHub’s feed has them, become plain text', () => {
  const html = `<h2>What&#39;s new</h2>\n<ul>\n<li>Faster &amp; <strong>smaller</strong></li><li>A &lt;b&gt; tag</li></ul>
<p>See <a href="https://x" onclick="x()">the list</a>.<br>Bye</p><script>alert(1)</script><style>a{}</style>`;
  expect(plainNotes(html)).toBe(
    "What's new\n• Faster & smaller\n• A <b> tag\n\nSee the list.\nBye",
  );
});

test('plain notes and those of several versions stay as they are', () => {
  expect(plainNotes('- one\n- two < three')).toBe('- one\n- two < three');
  expect(
    plainNotes([{ version: '2', note: 'b' }, { version: '1', note: null }, { note: 'a' }]),
  ).toBe('b\n\na');
});

test('no notes are none, and endless ones are cut', () => {
  expect(plainNotes(null)).toBe('');
  expect(plainNotes({ odd: 1 })).toBe('');
  expect(plainNotes('x'.repeat(100_000)).length).toBeLessThan(6100);
});
