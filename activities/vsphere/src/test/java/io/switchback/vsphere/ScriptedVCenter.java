package io.switchback.vsphere;

import io.switchback.vsphere.soap.Endpoint;
import io.switchback.vsphere.soap.SoapServer;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import io.switchback.vsphere.soap.Trust;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The door of a vCenter: logins and sessions, and else what a test says. */
final class ScriptedVCenter implements AutoCloseable {
  static final String UUID = "9c0f4a6e-1111-4222-8333-444455556666";

  final Map<String, Function<Request, Answer>> answers = new ConcurrentHashMap<>();
  volatile String versions = "<version>8.0.3.0</version><version>6.0</version>";
  volatile String uuid = UUID;
  volatile String apiType = "VirtualCenter";
  volatile Login login = new Login("dr", "secret");
  private final AtomicInteger sessions = new AtomicInteger();
  final SoapServer server = SoapServer.plain(this::answer);

  ScriptedVCenter() throws IOException {}

  private Answer answer(Request asked) {
    Function<Request, Answer> scripted = answers.get(asked.method());
    if (scripted != null) {
      return scripted.apply(asked);
    }
    if (asked.path().endsWith("vimServiceVersions.xml")) {
      return new Answer(
          200,
          List.of(),
          "<namespaces><namespace><name>urn:vim25</name>%s</namespace></namespaces>"
              .formatted(versions));
    }
    return switch (asked.method()) {
      case "RetrieveServiceContent" ->
          Answer.of(
              "RetrieveServiceContent",
              """
              <returnval><rootFolder type="Folder">group-d1</rootFolder>
              <about><fullName>VMware vCenter Server</fullName><version>8.0.3</version>
              <apiType>%s</apiType><instanceUuid>%s</instanceUuid></about>
              <sessionManager type="SessionManager">SessionManager</sessionManager></returnval>
              """
                  .formatted(apiType, uuid));
      case "Login" ->
          asked.body().contains("<password>%s</password>".formatted(login.password()))
              ? Answer.of("Login", "<returnval><key>1</key></returnval>")
                  .with("Set-Cookie: vmware_soap_session=" + sessions.incrementAndGet())
              : Answer.fault("InvalidLogin", "Cannot complete login.", "");
      case "CurrentTime" -> Answer.of("CurrentTime", "<returnval>2026-11-23T01:02:03Z</returnval>");
      default -> Answer.of(asked.method(), "");
    };
  }

  /** Every session so far is over; only a later one is taken for {@code method}. */
  void expireFor(String method, Answer otherwise) {
    int over = sessions.get();
    answers.put(
        method,
        asked ->
            asked.cookie() != null
                    && Integer.parseInt(asked.cookie().substring(asked.cookie().indexOf('=') + 1))
                        > over
                ? otherwise
                : Answer.fault("NotAuthenticated", "The session is not authenticated.", ""));
  }

  VCenterSettings settings() {
    return settings(Duration.ofMinutes(5));
  }

  VCenterSettings settings(Duration keepAlive) {
    return new VCenterSettings(
        "berlin",
        new Endpoint(
            server.address(),
            new Trust.Known(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            1 << 20),
        () -> login,
        "",
        keepAlive,
        OperationCaps.Limits.DEFAULT);
  }

  @Override
  public void close() {
    server.close();
  }
}
