const PITCH = 3;
const BAR = 2;
const LEAST_HEIGHT = 2;

/** How many bars fit into `width` CSS pixels. */
export function barCount(width: number): number {
  return Math.max(1, Math.floor((width + PITCH - BAR) / PITCH));
}

type Picture = {
  /** Heights between 0 and 1. */
  bars: Float32Array;
  /** Played share of the sound, between 0 and 1. */
  played: number;
  /** CSS pixels */
  width: number;
  height: number;
  pixelRatio: number;
  /** Not drawn, but a reason to draw anew. */
  theme: 'light' | 'dark';
};

/**
 * Draws the bars in the canvas's own `color` where played and its `caret-color` elsewhere: computed colours follow the
 * theme, which a custom property's text would not.
 */
export function drawWaveform(canvas: HTMLCanvasElement, picture: Picture): void {
  const { bars, played, width, height, pixelRatio } = picture;
  const pixels = { width: Math.round(width * pixelRatio), height: Math.round(height * pixelRatio) };
  // Setting a canvas's size clears and reallocates it, also when it stays the same.
  if (canvas.width !== pixels.width) canvas.width = pixels.width;
  if (canvas.height !== pixels.height) canvas.height = pixels.height;
  const context = canvas.getContext('2d');
  if (!context) return;

  const { color, caretColor } = getComputedStyle(canvas);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  const playedTo = played * bars.length * PITCH;
  for (const [index, level] of bars.entries()) {
    const x = index * PITCH;
    const tall = Math.max(LEAST_HEIGHT, Math.round(level * height));
    context.fillStyle = x < playedTo ? color : caretColor;
    context.beginPath();
    context.roundRect(x, (height - tall) / 2, BAR, tall, BAR / 2);
    context.fill();
  }
  if (played <= 0) return;
  context.fillStyle = color;
  context.fillRect(Math.min(width - 1, Math.round(playedTo)), 0, 1, height);
}
