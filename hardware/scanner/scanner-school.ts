import type { ScannerAffixes, ScannerLesson } from '#contract/device.ts';
import { calibrateText } from '#scan/calibration.ts';
import type { ScanSettings } from '#scan/settings.ts';

/** What is known of single scanners, and how more is learned. */
export interface ScannerSchool {
  /** The settings under which this device's codes are read. */
  settingsOf(device: string): ScanSettings;
  /** Waits for one scan of the calibration QR. A second call ends the first with nothing. */
  learn(timeoutMs: number): Promise<ScannerLesson>;
  /** Whether a read was the lesson that is waited for; then it is no scan. Null text = too long. */
  take(text: string | null, device: string): boolean;
  close(): void;
}

const DEVICES_MAX = 32;

/** Makes a school; `known` is what every scanner of the tenant has in common. */
export function createScannerSchool(
  known: ScanSettings,
  learned: readonly ScannerAffixes[],
): ScannerSchool {
  const byDevice = new Map(learned.map((each) => [each.device, each]));
  let end: ((lesson: ScannerLesson) => void) | null = null;

  return {
    settingsOf(device) {
      const own = byDevice.get(device);
      if (own === undefined) return known;
      const { prefix, suffix, groupSeparator } = own;
      return { ...known, prefix, suffix, groupSeparator };
    },
    learn(timeoutMs) {
      end?.({ kind: 'nothing' });
      return new Promise((resolve) => {
        const timer = setTimeout(() => end?.({ kind: 'nothing' }), timeoutMs);
        end = (lesson) => {
          clearTimeout(timer);
          end = null;
          resolve(lesson);
        };
      });
    },
    take(text, device) {
      if (end === null) return false;
      const lesson = lessonOf(text, device);
      if (lesson.kind === 'learned') {
        byDevice.set(device, lesson.affixes);
        const oldest = byDevice.keys().next();
        if (byDevice.size > DEVICES_MAX && !oldest.done) byDevice.delete(oldest.value);
      }
      end(lesson);
      return true;
    },
    close() {
      end?.({ kind: 'nothing' });
    },
  };
}

/** What a read teaches. Its text stays here: it may have been a payment card. */
function lessonOf(text: string | null, device: string): ScannerLesson {
  const result = calibrateText(text ?? '');
  if (result.kind === 'refused') return { kind: 'refused', device, reason: result.reason };
  const { prefix, suffix, groupSeparator, sendsIdentifier } = result.calibration;
  const sign = groupSeparator.kind === 'sign' ? groupSeparator.text : '';
  return {
    kind: 'learned',
    affixes: { device, prefix, suffix, groupSeparator: sign },
    sendsIdentifier,
    dropsGroupSeparator: groupSeparator.kind === 'dropped',
  };
}
