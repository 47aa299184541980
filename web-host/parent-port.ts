import { EventEmitter } from 'node:events';

/** `process.parentPort` of a utility process, over Node's channel to the parent. */
class ParentPortStandIn extends EventEmitter {
  postMessage(message: unknown): void {
    process.send?.(message);
  }
}

const port = new ParentPortStandIn();
process.on('message', (data) => port.emit('message', { data, ports: [] }));
// A utility process does not outlive the app.
process.on('disconnect', () => process.exit(0));
Object.defineProperty(process, 'parentPort', {
  value: port satisfies Pick<Electron.ParentPort, 'postMessage'>,
});
