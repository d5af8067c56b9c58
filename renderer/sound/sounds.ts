import { settings } from '#renderer/settings/settings-store.ts';

/** What can be heard. Never alone: each has its words on the screen. */
export type Sound = 'scan' | 'member' | 'refused';

interface Tone {
  readonly hertz: number;
  readonly atMs: number;
  readonly lengthMs: number;
}

/** Scan: one short, high. Member found: two, rising. Refused: two, falling, 200 ms together. */
const tones: Readonly<Record<Sound, readonly Tone[]>> = {
  scan: [{ hertz: 1760, atMs: 0, lengthMs: 60 }],
  member: [
    { hertz: 880, atMs: 0, lengthMs: 80 },
    { hertz: 1318, atMs: 90, lengthMs: 110 },
  ],
  refused: [
    { hertz: 440, atMs: 0, lengthMs: 90 },
    { hertz: 294, atMs: 100, lengthMs: 100 },
  ],
};
const loudness = 0.12;
let audio: AudioContext | null = null;

/** Plays a sound if the setting allows; silent where the browser has no audio or forbids it yet. */
export function play(sound: Sound): void {
  if (!settings().sound || typeof AudioContext === 'undefined') return;
  audio ??= new AudioContext();
  if (audio.state === 'running') {
    for (const tone of tones[sound]) playTone(audio, tone);
    return;
  }
  // Before the first touch a browser may refuse to sound; asking costs nothing, a late beep would.
  void audio.resume().catch(() => undefined);
}

function playTone(context: AudioContext, tone: Tone): void {
  const start = context.currentTime + tone.atMs / 1000;
  const end = start + tone.lengthMs / 1000;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = tone.hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loudness, start + 0.005);
  gain.gain.linearRampToValueAtTime(0, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(end);
}
