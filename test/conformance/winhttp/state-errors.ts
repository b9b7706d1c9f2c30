// Members in the wrong state: RQ-082 to RQ-091.
import assert from 'node:assert/strict';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';

const TEXTS = ['responseText', 'status', 'statusText', 'getAllResponseHeaders', 'getResponseHeader'];

export const stateErrors: StatementSection = {
  'RQ-082': async (t) => {
    const { request } = await t.stage('NEW');
    await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND, TEXTS);
  },

  'RQ-083': async (t) => {
    const { request } = await t.stage('NEW');
    await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND, ['responseBody', 'responseStream']);
  },

  'RQ-084': async (t) => {
    const { request } = await t.stage('OPEN');
    await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND, TEXTS);
  },

  'RQ-087': async (t) => {
    const { request } = await t.stage('SENDING');
    await t.gettersFail(request, Code.PENDING, ['responseStream']);
  },

  'RQ-088': async (t) => {
    const { request } = await t.stage('SENDING');
    await t.gettersFail(request, Code.PENDING, ['status', 'statusText', 'responseText']);
  },

  'RQ-089': async (t) => {
    const { request, pending } = await t.stage('RECEIVING');
    assert.equal(await request.status, 200);
    assert.equal(await request.getResponseHeader('Content-Type'), 'text/plain');
    assert.equal(pending.settled, undefined);
  },

  'RQ-090': async (t) => {
    const { request, pending, release } = await t.stage('RECEIVING');
    await t.gettersFail(request, Code.PENDING, ['responseText', 'responseBody']);
    release();
    await pending.end;
    assert.equal(await request.responseText, 'partrest');
  },

  'RQ-091': async (t) => {
    const request = await t.open(await t.refusingUrl(), 'GET', false);
    await t.fails(() => request.send(), Code.CANNOT_CONNECT);
    await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND, ['status']);
  },
};
