import { IPC_CHANNEL } from './ipc-name.ts';

/** What is used of Electron's `contextBridge`. */
export interface ContextBridgeLike {
  exposeInMainWorld(key: string, api: object): void;
}

/** What is used of Electron's `ipcRenderer`. */
export interface IpcRendererLike {
  send(channel: string, frame: string): void;
  on(channel: string, listener: (event: unknown, frame: unknown) => void): unknown;
  removeListener(channel: string, listener: (event: unknown, frame: unknown) => void): unknown;
}

/**
 * Gives the page two functions and nothing else.
 *
 * `ipcRenderer` itself stays here: with it a page could use every channel there will ever be. The
 * event is not passed on either, because it carries the sender.
 */
export function exposeBridge(contextBridge: ContextBridgeLike, ipcRenderer: IpcRendererLike): void {
  contextBridge.exposeInMainWorld('tillBridge', {
    send(frame: unknown): void {
      if (typeof frame === 'string') ipcRenderer.send(IPC_CHANNEL, frame);
    },
    onFrame(listener: (frame: string) => void): () => void {
      const receive = (_event: unknown, frame: unknown): void => {
        if (typeof frame === 'string') listener(frame);
      };
      ipcRenderer.on(IPC_CHANNEL, receive);
      return () => void ipcRenderer.removeListener(IPC_CHANNEL, receive);
    },
  });
}
