import type { PageStart } from '../frames.ts';
import { createDialogs } from './dialogs.ts';
import { createElectron } from './electron.ts';
import { confine } from './guard.ts';
import { Link } from './link.ts';
import { Uploader } from './uploader.ts';

/** Stands in for Electron in the page, and answers `require` for the preload. */
export function startPage({ page, tickets }: PageStart): (name: string) => unknown {
  confine();
  addStyles();
  const uploader = new Uploader(tickets);
  const link = new Link(page);
  link.answer = createDialogs(uploader);
  const electron = createElectron(link, uploader);
  return (name) => {
    if (name === 'electron') return electron;
    throw new Error(`The web host's preload can't require '${name}'.`);
  };
}

function addStyles(): void {
  const styles = document.createElement('link');
  styles.rel = 'stylesheet';
  styles.href = '/@web-host/page/page.css';
  document.head.append(styles);
}
