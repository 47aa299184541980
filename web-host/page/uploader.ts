/** Sends dropped files to the host. A file gets its ticket at once; `settled` tells when its bytes are there. */
export class Uploader {
  readonly #book: string;
  readonly #underway = new Map<string, Promise<unknown>>();
  #next = 1;

  constructor(book: string) {
    this.#book = book;
  }

  /** The ticket that stands for the file, whose upload has begun. */
  send(file: File): string {
    const ticket = `${this.#book}.${this.#next++}`;
    const upload = put(ticket, file)
      // The host then knows no file for the ticket, and the app says so in its own words.
      .catch(() => undefined)
      .finally(() => this.#underway.delete(ticket));
    this.#underway.set(ticket, upload);
    return ticket;
  }

  /** Waits for the uploads of all tickets in a message. */
  async settled(message: unknown): Promise<void> {
    await Promise.all(ticketsIn(message).map(async (text) => this.#underway.get(text)));
  }
}

async function put(ticket: string, file: File): Promise<void> {
  const name = encodeURIComponent(file.name.toWellFormed());
  const response = await fetch(`/@web-host/uploads/${ticket}?name=${name}`, {
    method: 'PUT',
    body: file,
  });
  if (!response.ok) throw new Error(`The upload was refused with ${response.status}.`);
}

function ticketsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(ticketsIn);
}
