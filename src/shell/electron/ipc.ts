import { FRAME_LENGTH_MAX, type Channel } from '#contract/rpc.ts';
import { IPC_CHANNEL } from './ipc-name.ts';
import { isPageUrl } from './page-address.ts';

/** What is looked at of Electron's `IpcMainEvent`. */
export interface ReceivedEvent {
  readonly sender: { readonly id: number };
  readonly senderFrame: { readonly url: string; readonly parent: object | null } | null;
}

type FrameListener = (event: ReceivedEvent, ...args: unknown[]) => void;

/** What is used of Electron's `ipcMain`. */
export interface IpcMainLike {
  on(channel: string, listener: FrameListener): unknown;
  removeListener(channel: string, listener: FrameListener): unknown;
}

/** What is used of Electron's `WebContents` to answer. */
export interface FrameReceiver {
  readonly id: number;
  isDestroyed(): boolean;
  send(channel: string, frame: string): void;
}

/**
 * A channel to one window's page, and to nobody else.
 *
 * What comes from another window, from a frame inside the page, from another address, or is not a
 * text of bearable length, is dropped without an answer: our page never sends such a thing.
 */
export function ipcChannel(ipcMain: IpcMainLike, contents: FrameReceiver): Channel {
  return {
    send(frame) {
      if (!contents.isDestroyed()) contents.send(IPC_CHANNEL, frame);
    },
    onFrame(listener) {
      const receive: FrameListener = (event, frame) => {
        if (!isOurPage(event, contents.id)) return;
        // A page that was taken over could send gigabytes; the contract's longest frame is enough.
        if (typeof frame !== 'string' || frame.length > FRAME_LENGTH_MAX) return;
        listener(frame);
      };
      ipcMain.on(IPC_CHANNEL, receive);
      return () => void ipcMain.removeListener(IPC_CHANNEL, receive);
    },
  };
}

function isOurPage({ sender, senderFrame }: ReceivedEvent, contentsId: number): boolean {
  // Another window or a web view has another id.
  if (sender.id !== contentsId) return false;
  // The frame is gone, or a frame inside the page: an advertisement in an iframe is not the page.
  if (senderFrame === null || senderFrame.parent !== null) return false;
  // The window shows something else: whatever it is, it does not talk to the till.
  return isPageUrl(senderFrame.url);
}
