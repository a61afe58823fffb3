// What a server needs of node: network, TLS contexts, hashes, zlib, Intl, modules of both kinds, fetch.
const assert = require("node:assert");
const crypto = require("node:crypto");
const http = require("node:http");
const tls = require("node:tls");
const zlib = require("node:zlib");

assert.strictEqual(zlib.brotliDecompressSync(zlib.brotliCompressSync("text")).toString(), "text");
assert.strictEqual(new Intl.DateTimeFormat("de", { month: "long" }).format(new Date(0)), "Januar");
tls.createSecureContext({ minVersion: "TLSv1.3" });
const server = http.createServer((_, response) => response.end("hello"));
server.listen(0, "127.0.0.1", async () => {
    const body = await (await fetch(`http://127.0.0.1:${server.address().port}/`)).text();
    const module = await import("data:text/javascript,export default 1");
    assert.strictEqual(module.default, 1);
    server.close();
    console.log(crypto.createHash("sha256").update(body).digest("hex").slice(0, 8));
});
