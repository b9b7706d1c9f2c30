// For Node under Wine 8 only, which has no TCP_KEEPINTVL: a connection whose keep-alive was set before it connects (undici,
// and with it fetch and WebSocket, sets it then) fails with "connect UNKNOWN". Set afterwards, the failure is not told.
const { Socket } = require('node:net');

const { setKeepAlive } = Socket.prototype;
Socket.prototype.setKeepAlive = function (...options) {
  if (!this.connecting) return setKeepAlive.apply(this, options);
  return this.once('connect', () => setKeepAlive.apply(this, options));
};
