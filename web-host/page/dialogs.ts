import type { Question } from '../frames.ts';
import { element } from './element.ts';
import { showNote } from './note.ts';
import type { Uploader } from './uploader.ts';

type Open = Extract<Question, { kind: 'open' }>;
type Save = Extract<Question, { kind: 'save' }>;
type Message = Extract<Question, { kind: 'message' }>;

/** Answers what Electron would have asked in a window of the system's. Null means: closed without an answer. */
export function createDialogs(uploader: Uploader): (question: Question) => Promise<unknown> {
  return (question) => {
    switch (question.kind) {
      case 'open':
        return openFiles(question, uploader);
      case 'save':
        return askForName(question);
      case 'message':
        return askWhich(question);
      case 'note':
        return showNote(question);
      case 'copy':
        return copy(question.text);
      case 'visit':
        return showAddress(question.url);
    }
  };
}

async function openFiles(question: Open, uploader: Uploader): Promise<string[] | null> {
  // A browser opens its picker only shortly after a click or a key.
  if (!navigator.userActivation.isActive) {
    const go = await ask({ text: 'Choose a file to open.', buttons: ['Cancel', 'Choose…'] });
    if (go.chosen !== 1) return null;
  }
  const { accept, multiple } = question;
  const input = element('input', { type: 'file', accept, multiple });
  const files = await new Promise<File[]>((resolve) => {
    input.addEventListener('change', () => {
      resolve([...(input.files ?? [])]);
    });
    input.addEventListener('cancel', () => {
      resolve([]);
    });
    input.click();
  });
  const tickets = files.map((file) => uploader.send(file));
  await uploader.settled(tickets);
  return tickets;
}

async function askForName({ title, name }: Save): Promise<string | null> {
  const input = element('input', { type: 'text', value: name, autocomplete: 'off' });
  input.setAttribute('aria-label', 'File name');
  const dot = name.lastIndexOf('.');
  const answer = ask({
    text: title,
    detail: 'It goes to your browser’s downloads.',
    field: input,
    buttons: ['Cancel', 'Save'],
    focused: 1,
  });
  input.focus();
  input.setSelectionRange(0, dot > 0 ? dot : name.length);
  return (await answer).chosen === 1 ? input.value : null;
}

async function askWhich({
  message,
  detail,
  buttons,
  focused,
  cancelled,
}: Message): Promise<number> {
  return (await ask({ text: message, detail, buttons, focused })).chosen ?? cancelled;
}

async function showAddress(url: string): Promise<null> {
  const field = element('input', { type: 'text', value: url, readOnly: true });
  field.setAttribute('aria-label', 'Address');
  const { chosen } = await ask({
    text: 'Open this address in a new tab.',
    field,
    buttons: ['Close', 'Copy'],
    focused: 1,
  });
  if (chosen === 1) await copy(url);
  return null;
}

async function copy(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

type Ask = {
  text: string;
  detail?: string;
  field?: HTMLElement;
  buttons: string[];
  /** index of the button that Enter presses */
  focused?: number;
};

/** Shows a modal dialog. `chosen` is null when the user pressed Esc. */
function ask({
  text,
  detail,
  field,
  buttons,
  focused = 0,
}: Ask): Promise<{ chosen: number | null }> {
  const heading = element('h2', { id: 'web-host-question', textContent: text });
  const choices = buttons.map((label, index) =>
    element('button', {
      type: index === focused ? 'submit' : 'button',
      textContent: label,
      className: index === focused ? 'web-host-default' : '',
    }),
  );
  const form = element('form', { method: 'dialog' }, [
    heading,
    ...(detail ? [element('p', { textContent: detail })] : []),
    ...(field ? [field] : []),
    element('div', { className: 'web-host-buttons' }, choices),
  ]);
  const dialog = element('dialog', { className: 'web-host-dialog' }, [form]);
  dialog.setAttribute('aria-labelledby', heading.id);
  // A modal dialog of the page's own lets nothing be reached that is not inside it.
  const modal = [...document.querySelectorAll('[role=dialog]')].at(-1);
  (modal ?? document.body).append(dialog);

  return new Promise((resolve) => {
    const close = (chosen: number | null): void => {
      dialog.remove();
      resolve({ chosen });
    };
    choices.forEach((button, index) => {
      button.addEventListener('click', (event) => {
        event.preventDefault();
        close(index);
      });
    });
    // Keys pressed here are answers, not the app's shortcuts.
    dialog.addEventListener('keydown', (event) => {
      event.stopPropagation();
    });
    dialog.addEventListener('cancel', () => {
      close(null);
    });
    dialog.showModal();
    choices[focused]?.focus();
  });
}
