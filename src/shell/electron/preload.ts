import { contextBridge, ipcRenderer } from 'electron/renderer';
import { exposeBridge } from './bridge.ts';

exposeBridge(contextBridge, ipcRenderer);
