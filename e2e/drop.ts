import type { Page } from 'playwright-core';

export type DroppedFile = { name: string; bytes: Uint8Array; type?: string };

/** Drags files over the middle of the window and drops them, with the events a browser sends. */
export async function dropFiles(page: Page, files: DroppedFile[]): Promise<void> {
  // The protocol carries text, and a call with a number for each byte takes seconds for a song.
  const packed = files.map(({ name, bytes, type = '' }) => {
    return { name, type, base64: Buffer.from(bytes).toString('base64') };
  });
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    const [clientX, clientY] = [innerWidth / 2, innerHeight / 2];
    const target = document.elementFromPoint(clientX, clientY) ?? document.body;
    for (const kind of ['dragenter', 'dragover', 'drop']) {
      const options = { bubbles: true, cancelable: true, dataTransfer: transfer };
      target.dispatchEvent(new DragEvent(kind, { ...options, clientX, clientY }));
    }
  }, packed);
}
