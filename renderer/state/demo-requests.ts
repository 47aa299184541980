import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { FieldForm } from './field-form.svelte.ts';
import { RequestForm } from './request-form.svelte.ts';
import { Request } from './request.svelte.ts';

/** What the demo speaks. */
const speech =
  'Four score and seven years ago our fathers brought forth, upon this continent, a new nation, conceived in liberty, and dedicated to the proposition that all men are created equal.';

/** The built-in demo's requests, ready to run with the bundled recording. */
export function demoRequests(bridge: Bridge, sample: Input | null): Request[] {
  const sound = (): FieldForm => new FieldForm('byte_data', { type: 'file', input: sample });
  return [
    new Request(bridge, {
      ...{ id: 'echo', title: 'Echo', hint: 'sound' },
      form: new RequestForm({ demo: 'echo', fields: [sound()] }),
    }),
    new Request(bridge, {
      ...{ id: 'speak', title: 'Speak', hint: 'stream' },
      form: new RequestForm({
        demo: 'speak',
        answer: 'stream',
        pcm: true,
        fields: [new FieldForm('text', { text: speech })],
      }),
    }),
    new Request(bridge, {
      ...{ id: 'transcribe', title: 'Transcribe', hint: 'text' },
      form: new RequestForm({ demo: 'transcribe', fields: [sound()] }),
    }),
  ];
}
