/** The one IPC channel. It carries frames, texts, both ways. */
export const IPC_CHANNEL = 'till-frame';
