/** Sounds, made here and not fetched: the ring for who arrives, and a short tone to test the speaker. */

/** @type {AudioContext | null} */
let context = null;

/** A browser lets a page sound only after the reader has pressed something. */
export function prepareSounds() {
  const wake = () => {
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume();
  };
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, wake, { passive: true });
}

/** Whether a sound would be heard. */
export const canSound = () => context?.state === 'running';

/** @param {number} hertz @param {number} at seconds from now @param {number} length seconds @param {number} loudness 0 to 1 */
function tone(hertz, at, length, loudness) {
  if (!context) return;
  const start = context.currentTime + at;
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  oscillator.type = 'sine';
  oscillator.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(loudness, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + length);
}

/** Two soft notes, twice: somebody waits. */
export function ring() {
  if (!canSound()) return false;
  for (const begin of [0, 0.9]) {
    tone(659.3, begin, 0.5, 0.22);
    tone(523.3, begin + 0.28, 0.6, 0.22);
  }
  return true;
}

/** One rising pair, to hear whether the speaker works. */
export function chime() {
  context ??= new AudioContext();
  void context.resume();
  tone(523.3, 0, 0.35, 0.25);
  tone(784, 0.22, 0.6, 0.25);
}
