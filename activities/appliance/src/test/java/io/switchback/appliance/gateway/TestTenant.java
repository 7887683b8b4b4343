package io.switchback.appliance.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A tenant that dials the gateway with what it has. */
final class TestTenant {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final char[] NO_PASSWORD = new char[0];

  private final SSLContext context;
  private final Endpoint gateway;

  private TestTenant(SSLContext context, Endpoint gateway) {
    this.context = context;
    this.gateway = gateway;
  }

  /** Shows {@code identity}, key and certificate in one file; nothing where that is empty. */
  static TestTenant with(Optional<Path> identity, Path authorities, Endpoint gateway) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", certificate(Files.readString(authorities)));
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          identity.isPresent() ? keys(Files.readString(identity.get())) : null,
          trust.getTrustManagers(),
          null);
      return new TestTenant(context, gateway);
    } catch (GeneralSecurityException | IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** An open connection that got through. */
  record Connection(Socket socket, String appliance) implements AutoCloseable {
    /** Whether it is cut from the other end before the test's patience ends. */
    boolean isCut() {
      try {
        return socket.getInputStream().read() < 0;
      } catch (java.net.SocketTimeoutException stillOpen) {
        return false;
      } catch (IOException cut) {
        return true;
      }
    }

    /** Whether it is open; says something, and hears nothing. */
    boolean isOpen() throws IOException {
      socket.setSoTimeout(1);
      try {
        return socket.getInputStream().read() >= 0;
      } catch (java.net.SocketTimeoutException silent) {
        return true;
      } catch (IOException cut) {
        return false;
      } finally {
        socket.setSoTimeout((int) PATIENCE.toMillis());
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Dials; empty when it is let through to nobody. */
  Optional<Connection> dial() {
    try {
      Socket plain = new Socket();
      plain.connect(
          new InetSocketAddress(gateway.address(), gateway.port()), (int) PATIENCE.toMillis());
      SSLSocket socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(plain, gateway.address().getHostAddress(), gateway.port(), true);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.startHandshake();
      String appliance =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
      if (appliance == null) {
        socket.close();
        return Optional.empty();
      }
      return Optional.of(new Connection(socket, appliance));
    } catch (IOException refused) {
      return Optional.empty();
    }
  }

  /** The appliance that it reaches; empty when none. */
  Optional<String> reaches() throws IOException {
    Optional<Connection> connection = dial();
    if (connection.isPresent()) {
      connection.get().close();
    }
    return connection.map(Connection::appliance);
  }

  private static KeyManager[] keys(String pem) throws GeneralSecurityException, IOException {
    String encoded =
        pem.substring(
            pem.indexOf("-----BEGIN PRIVATE KEY-----") + 27,
            pem.indexOf("-----END PRIVATE KEY-----"));
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(encoded)));
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry("own", key, NO_PASSWORD, new Certificate[] {certificate(pem)});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, NO_PASSWORD);
    return keys.getKeyManagers();
  }

  private static Certificate certificate(String pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(
            new ByteArrayInputStream(
                pem.substring(pem.indexOf("-----BEGIN CERTIFICATE-----")).getBytes(UTF_8)));
  }
}
