// The ingress of the tests: the services of a running server and the pages of the web's own Nginx under one address,
// with connections that can be cut.

import { request as ask, createServer } from 'node:http';
import { startWeb } from './nginx.mjs';

/** Hands a request on to `origin`, and its answer back as it comes. */
export function pass(request, response, origin) {
  const { hostname, port } = new URL(origin);
  const { url: path, method, headers } = request;
  const onward = ask({ hostname, port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
    response.on('close', () => answer.destroy());
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

/** An address for the services at `services` and the pages. `cut` ends all connections and refuses new ones until `mend`. */
export async function startEdge(services) {
  const web = await startWeb();
  let isCut = false;
  const server = createServer((request, response) => {
    const isService = /^\/(api|gateway|ingest)(\/|$)/.test(request.url);
    pass(request, response, isService ? services : web.url);
  });
  server.on('connection', (socket) => isCut && socket.destroy());
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut() {
      isCut = true;
      server.closeAllConnections();
    },
    mend() {
      isCut = false;
    },
    close() {
      server.closeAllConnections();
      return Promise.all([web.close(), new Promise((done) => server.close(done))]);
    },
  };
}
