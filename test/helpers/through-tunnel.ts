// Connections go through a tunnel of the forwarder, unless they name another way. A set-up file of vitest: suites of the
// WebSocket class run with and without it.
import { afterAll } from 'vitest';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import { WebSocketConnection } from '../../lib/websocket/connection/websocket-connection.ts';

const forwarder = await createForwarder({ proxy: 'direct', backend: 'portable' });
afterAll(() => forwarder.close());

const proxy = { proxy: forwarder.url, bypass: ['<-loopback>'] };
const { connect } = WebSocketConnection;
WebSocketConnection.connect = (url, options) => connect.call(WebSocketConnection, url, { proxy, ...options });
