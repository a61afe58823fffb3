import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.zip.CRC32;
import javax.net.ssl.SSLContext;

/** What a server needs of the runtime: network, hashes, ciphers, zones, its own agent of management. */
public class Slices {
    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes());
            exchange.close();
        });
        server.start();
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        HttpRequest request = HttpRequest.newBuilder(address).build();
        String body = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        server.stop(0);
        CRC32 sum = new CRC32();
        sum.update(body.getBytes());
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new javax.net.ssl.TrustManager[0], null);
        ZoneId.of("Europe/Berlin").getRules();
        java.lang.management.ManagementFactory.getRuntimeMXBean().getUptime();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes());
        System.out.println(HexFormat.of().formatHex(hash, 0, 4) + " " + Long.toHexString(sum.getValue()));
    }
}
