// Run in the image: a server over TLS and a client of it; then one JSON document of what node finds.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const https = require('https');
const tls = require('tls');
const zlib = require('zlib');

const cert = fs.readFileSync('/test/server.crt');
const key = fs.readFileSync('/test/server.key');
const server = https.createServer({cert, key}, (request, response) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`grüße ${request.url}`);
});
server.listen(0, '127.0.0.1', () => {
  https.get({host: '127.0.0.1', port: server.address().port, path: '/x', ca: cert}, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part) => { text += part; });
    response.on('end', () => {
      server.close();
      // A server that one of Debian's authorities has signed is what a default context would accept.
      const trusted = fs.readFileSync(process.env.SSL_CERT_FILE, 'utf8').match(/BEGIN CERTIFICATE/g).length;
      console.log(JSON.stringify({
        answer: text,
        brotli: zlib.brotliDecompressSync(zlib.brotliCompressSync('x')).toString(),
        currency: new Intl.NumberFormat('de', {style: 'currency', currency: 'EUR'}).format(1234.5),
        protocol: tls.DEFAULT_MAX_VERSION,
        roots: tls.rootCertificates.length > 0,
        sha: crypto.createHash('sha256').update('').digest('hex').slice(0, 8),
        trusted,
        url: new URL('https://bücher.example/').host,
        zone: new Date(1752580800000).toLocaleString('en', {timeZone: 'US/Eastern', hour: 'numeric', hour12: false}),
      }));
    });
  });
});
