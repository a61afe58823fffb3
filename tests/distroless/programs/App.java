import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Run in the image: TLS with both sides in this process, the default authorities, fonts, zones. */
public class App {
  public static void main(String[] arguments) throws Exception {
    System.out.println("authorities " + trusted(null).getAcceptedIssuers().length);
    System.out.println("tls " + handshake());
    System.out.println("charset " + Charset.defaultCharset());
    System.out.println("hour " + Instant.ofEpochSecond(1752580800L).atZone(ZoneId.of("US/Eastern")).getHour());
    String[] families = GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames();
    System.out.println("fonts " + Arrays.asList(families).contains("DejaVu Sans"));
    System.out.println("ink " + (ink("Grüße fi") > 100));
  }

  private static X509TrustManager trusted(KeyStore store) throws Exception {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  private static String handshake() throws Exception {
    Certificate certificate;
    try (var stream = Files.newInputStream(Path.of("/test/server.crt"))) {
      certificate = CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
    String pem = Files.readString(Path.of("/test/server.key")).replaceAll("-----[A-Z ]+-----|\\s", "");
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", key, new char[0], new Certificate[] {certificate});
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("server", certificate);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), new X509TrustManager[] {trusted(trust)}, null);
    InetAddress loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
    try (var server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      Thread thread = new Thread(() -> {
        try (var connection = server.accept()) {
          connection.getOutputStream().write("hello".getBytes());
        } catch (Exception error) {
          error.printStackTrace();
        }
      });
      thread.start();
      try (var client = (SSLSocket) context.getSocketFactory().createSocket(loopback, server.getLocalPort())) {
        String text = new String(client.getInputStream().readAllBytes());
        thread.join();
        return text + " " + client.getSession().getProtocol();
      }
    }
  }

  private static int ink(String text) {
    BufferedImage image = new BufferedImage(200, 40, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setFont(new Font("DejaVu Sans", Font.PLAIN, 24));
    graphics.setColor(Color.WHITE);
    graphics.drawString(text, 4, 28);
    int dots = 0;
    for (int pixel : image.getRGB(0, 0, 200, 40, null, 0, 200)) {
      dots += (pixel & 0xffffff) != 0 ? 1 : 0;
    }
    return dots;
  }
}
