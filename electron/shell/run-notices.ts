import { Notification, type BrowserWindow } from 'electron';
import type { InFlight, Landed } from '../core/invocation/in-flight.ts';
import { noteOf } from './run-note.ts';

type Options = {
  inFlight: InFlight;
  window: BrowserWindow;
  /** Whether the user wants them. */
  isWanted: () => Promise<boolean>;
  /** Shows a run in the window. */
  show: (runId: string) => void;
  log: (error: unknown) => void;
};

/** Tells of runs that end while the window is not in front; a click brings the window and the run. */
export function tellOfEndedRuns({ inFlight, window, isWanted, show, log }: Options): void {
  // What nobody holds is collected, and its click with it.
  const open = new Set<Notification>();

  const tell = async (landed: Landed): Promise<void> => {
    const note = noteOf(landed);
    if (!note || !Notification.isSupported() || isSeen() || !(await isWanted())) return;
    const notification = new Notification(note);
    const forget = (): void => {
      open.delete(notification);
    };
    open.add(notification);
    notification.on('click', () => {
      forget();
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      show(landed.runId);
    });
    notification.on('close', forget);
    // Windows alone says so, and a Mac of a program that nobody signed.
    notification.on('failed', (_event, error) => {
      forget();
      log(new Error(`The system showed no notification: ${error}`));
    });
    notification.show();
  };
  const isSeen = (): boolean => window.isDestroyed() || window.isFocused();

  const stop = inFlight.listen({
    onEnd: (landed) => {
      tell(landed).catch(log);
    },
  });
  window.on('closed', stop);
}
