/** Plays what grows at `url` in an audio element. Answers when it is heard, or null when it is not. */
export async function byElement(url: string): Promise<number | null> {
  return heardFrom(new Audio(url), Promise.resolve());
}

/** The same through a media source, which takes some types only. */
export async function byMediaSource(url: string, mediaType: string): Promise<number | null> {
  if (!MediaSource.isTypeSupported(mediaType)) return null;
  const source = new MediaSource();
  const audio = new Audio(URL.createObjectURL(source));
  const opened = new Promise((resolve) => {
    source.addEventListener('sourceopen', resolve, { once: true });
  });
  const fed = (async () => {
    await opened;
    const buffer = source.addSourceBuffer(mediaType);
    const reader = (await fetch(url)).body?.getReader();
    for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
      buffer.appendBuffer(piece.value);
      await new Promise((resolve) => {
        buffer.addEventListener('updateend', resolve, { once: true });
      });
      if (audio.error || audio.src === '') return;
    }
  })();
  return heardFrom(audio, fed);
}

async function heardFrom(audio: HTMLAudioElement, fed: Promise<void>): Promise<number | null> {
  fed.catch(() => undefined);
  const started = audio.play().catch(() => undefined);
  for (let waited = 0; audio.currentTime === 0; waited += 1) {
    if (audio.error || waited > 5000) return null;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await started;
  const at = Date.now() - audio.currentTime * 1000;
  audio.pause();
  audio.removeAttribute('src');
  audio.load();
  return at;
}
