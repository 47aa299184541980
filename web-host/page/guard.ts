let leaving = false;

/**
 * Keeps the page where it is, as Electron's window does by handler: no script, link or dropped file leads away from it.
 * The user's own reload and address bar are the browser's, and no page hears of them.
 */
export function confine(): void {
  const refuse = (event: Event): void => {
    event.preventDefault();
  };
  window.addEventListener('dragover', refuse);
  window.addEventListener('drop', refuse);
  if ('navigation' in window) {
    window.navigation.addEventListener('navigate', (event) => {
      const stays = event.hashChange || event.downloadRequest !== null;
      if (!stays && !leaving) event.preventDefault();
    });
  }
}

/** Loads the page anew, which is the one way out that `confine` leaves to the host's own script. */
export function reload(): void {
  leaving = true;
  location.reload();
}
