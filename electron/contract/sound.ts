/** A container or coding that Soundpost knows by its first bytes. */
type SoundFormat =
  'wav' | 'mp3' | 'aac' | 'ogg' | 'flac' | 'mp4' | 'webm' | 'aiff' | 'caf' | 'amr' | 'pcm';

/** What the first bytes of a file or part say it is. `label` is ready to show: "MP3", "WAV 24 kHz mono". */
export type Kind = {
  media: 'audio' | 'text' | 'json' | 'image' | 'video' | 'bytes';
  format?: SoundFormat;
  label: string;
  /** File name extension without the dot, from the bytes and never from a header. */
  extension: string;
};

/** A file the user handed over. The page knows it by `id`; its path stays in the main process. */
export type Input = {
  id: string;
  name: string;
  /** bytes */
  size: number;
  kind: Kind;
  /** Root-relative URL of its bytes, with Range: `/inputs/<id>`. */
  url: string;
};
