// What an ingress with a certificate does: HTTPS and HTTP/2 in front of an address, by Nginx.

import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, nginxHome, startNginx } from './nginx-process.mjs';

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** The same pages and services under an https address, whose certificate nobody but us has signed. */
export async function startHttps(origin) {
  const { home, temporary } = nginxHome('https');
  const port = await freePort();
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(home, name));
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  execFileSync('openssl', [...request, '-subj', '/CN=localhost', '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  chmodSync(key, 0o644);
  writeFileSync(
    join(home, 'nginx.conf'),
    `pid ${temporary}/nginx.pid;
    error_log stderr warn;
    events {}
    http {
      access_log off;
      ${TEMPORARY.map((name) => `${name}_temp_path ${temporary}/${name};`).join(' ')}
      server {
        listen 127.0.0.1:${port} ssl http2;
        ssl_certificate ${certificate};
        ssl_certificate_key ${key};
        location / {
          proxy_pass ${origin};
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_buffering off;
        }
      }
    }`,
  );
  return { url: `https://127.0.0.1:${port}`, close: await startNginx(home, port) };
}
