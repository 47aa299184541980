/** How deep a frame may be. What a model answers may be 200 deep, within a few levels of our own. */
export const DEEPEST = 1000;

/** What the host sends over the WebSocket, as one msgpack message each. */
export type HostFrame =
  | { type: 'event'; channel: string; args: unknown[] }
  | { type: 'answer'; id: number; value: unknown }
  /** The same as JSON: msgpack's reader takes no map with a key `__proto__`, and a model may answer one. */
  | { type: 'answer'; id: number; json: string }
  | { type: 'failed'; id: number; message: string }
  | { type: 'ask'; id: number; question: Question }
  | { type: 'download'; url: string };

/** What the page sends. Parsed by the host: a page is not trusted. */
export type PageFrame =
  | { type: 'invoke'; id: number; channel: string; args: unknown[] }
  | { type: 'reply'; id: number; value: unknown }
  /** Whether its user is at it. */
  | { type: 'focus'; on: boolean };

/** What Electron would show in a window of the system's, and the page now shows itself. */
export type Question =
  | { kind: 'open'; accept: string; multiple: boolean }
  | { kind: 'save'; title: string; name: string }
  | {
      kind: 'message';
      title: string;
      message: string;
      detail: string;
      buttons: string[];
      /** indexes into `buttons` */
      focused: number;
      cancelled: number;
    }
  | { kind: 'note'; title: string; body: string }
  | { kind: 'copy'; text: string }
  | { kind: 'visit'; url: string };

/** What the page's script is told when it is served. */
export type PageStart = {
  /** Names this load of the page. */
  page: string;
  /** The book of tickets for uploads. */
  tickets: string;
};

/** Why the host closed the WebSocket. Numbers from 4000 are for applications. */
export const closed = { takenOver: 4001, ended: 4002 } as const;
