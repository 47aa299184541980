import {
  ADTS,
  FLAC,
  Input,
  type InputAudioTrack,
  MP3,
  MP4,
  OGG,
  UrlSource,
  WAVE,
  WEBM,
} from 'mediabunny';

const CACHE_BYTES = 16 * 1024 * 1024;

/**
 * The sound at a URL, to be decoded as a stream; null when this browser can't. `onlost` is told when reading it fails
 * where no promise says so.
 */
export async function openTrack(url: string, onlost: () => void): Promise<InputAudioTrack | null> {
  const input = new Input({
    source: new UrlSource(url, {
      maxCacheSize: CACHE_BYTES,
      getRetryDelay: (attempts) => (attempts < 2 ? 0.2 : null),
      handleUnhandledError: onlost,
    }),
    formats: [WAVE, MP3, OGG, FLAC, ADTS, MP4, WEBM],
  });
  const track = await input.getPrimaryAudioTrack();
  return track && (await track.canDecode()) ? track : null;
}
