import { describe, expect, it } from 'vitest';
import { SseParser } from './sse';

const STREAM =
  'retry: 2000\n\nid: a-1\nevent: hello\ndata: {"n":1}\n\n: heartbeat\n\nid: a-2\r\nevent: frame\r\ndata: one\r\ndata: two\r\n\r\n';

describe('server-sent events', () => {
  it('come out with name, data and id; comments and retry hints do not', () => {
    expect(new SseParser().push(STREAM)).toEqual([
      { name: 'hello', data: '{"n":1}', id: 'a-1' },
      { name: 'frame', data: 'one\ntwo', id: 'a-2' },
    ]);
  });

  it('are the same however the text is cut', () => {
    const whole = new SseParser().push(STREAM);
    for (let size = 1; size < 12; size += 1) {
      const parser = new SseParser();
      const events = [];
      for (let at = 0; at < STREAM.length; at += size) events.push(...parser.push(STREAM.slice(at, at + size)));
      expect(events).toEqual(whole);
    }
  });

  it('keep the last id for events that bring none', () => {
    const parser = new SseParser();
    parser.push('id: 7\ndata: x\n\n');
    expect(parser.push('data: y\n\n')).toEqual([{ name: 'message', data: 'y', id: '7' }]);
  });
});
