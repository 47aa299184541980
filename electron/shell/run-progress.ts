import type { BrowserWindow } from 'electron';
import type { InFlight } from '../core/invocation/in-flight.ts';
import { barFor } from './progress-bar.ts';

/** How long a failure stays on the taskbar for whoever does not come to see it, in milliseconds. */
const FAILED_FOR = 10_000;

/** Shows the runs in flight on the window's place in the dock or taskbar. */
export function showProgress(inFlight: InFlight, window: BrowserWindow): void {
  let failedUnseen = false;
  let shown = '';
  let timer: NodeJS.Timeout | undefined;

  const show = (): void => {
    const { value, mode } = barFor(inFlight.now, failedUnseen, process.platform);
    const next = `${mode} ${value}`;
    if (next === shown || window.isDestroyed()) return;
    shown = next;
    window.setProgressBar(value, { mode });
  };
  const forget = (): void => {
    clearTimeout(timer);
    failedUnseen = false;
    show();
  };
  const stop = inFlight.listen({
    onChange: show,
    onEnd: ({ state }) => {
      if (state !== 'failed' || window.isDestroyed() || window.isFocused()) return;
      failedUnseen = true;
      clearTimeout(timer);
      timer = setTimeout(forget, FAILED_FOR);
    },
  });
  window.on('focus', forget);
  window.on('closed', () => {
    stop();
    clearTimeout(timer);
  });
}
