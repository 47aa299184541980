import { describe, expect, it } from 'vitest';
import { playerKey } from './player-keys.ts';

const press = (code: string, held: Partial<Parameters<typeof playerKey>[0]> = {}) =>
  playerKey({ code, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...held });

describe("the player's keys", () => {
  it('play, mute, and move by five seconds, or fifteen with Shift', () => {
    expect(press('Space')).toEqual({ do: 'toggle' });
    expect(press('KeyM')).toEqual({ do: 'mute' });
    expect(press('ArrowLeft')).toEqual({ do: 'move', by: -5 });
    expect(press('ArrowRight', { shiftKey: true })).toEqual({ do: 'move', by: 15 });
  });

  it('leave shortcuts with Ctrl, Command or Alt to others', () => {
    expect(press('ArrowLeft', { altKey: true })).toBeNull();
    expect(press('KeyM', { metaKey: true })).toBeNull();
    expect(press('Space', { ctrlKey: true })).toBeNull();
    expect(press('KeyM', { shiftKey: true })).toBeNull();
  });
});
