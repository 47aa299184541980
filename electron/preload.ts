import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, type Bridge } from './contract/bridge.ts';

const bridge: Bridge = {
  request: (route, input) => ipcRenderer.invoke(channels.request, route, input),

  on: (event, listener) => {
    // The IPC event object never reaches the page, only the payload does.
    const receive = (_: unknown, name: unknown, payload: Parameters<typeof listener>[0]): void => {
      if (name === event) listener(payload);
    };
    ipcRenderer.on(channels.event, receive);
    return () => {
      ipcRenderer.removeListener(channels.event, receive);
    };
  },

  admit: (files) => {
    const handed = files.filter((file) => file instanceof File);
    return ipcRenderer.invoke(
      channels.admit,
      handed.map((file) => ({ name: file.name, path: webUtils.getPathForFile(file) })),
    );
  },
};

contextBridge.exposeInMainWorld('soundpost', bridge);
