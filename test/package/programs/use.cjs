// The package by `require`.
const winwire = require('winwire');
const { WebSocketCreateServerHandle, WebSocketDeleteHandle } = require('winwire/sys');

WebSocketDeleteHandle(WebSocketCreateServerHandle([], { backend: 'portable' }));
console.log(JSON.stringify({ isConstructor: typeof winwire.WebSocketConnection === 'function', ...winwire.backends() }));
