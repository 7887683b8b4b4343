package io.switchback.worker.local;

import io.temporal.testserver.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings up the Temporal that was chosen and remembers in the home where it is. */
public final class TemporalService {
  private static final int PREFERRED_IN_PROCESS_PORT = 7233;

  private final Home home;
  private final TemporalBinary binary;
  private final TemporalDevServer devServer;
  private final Consumer<String> notices;

  /**
   * @param notices takes one line for people at a time; never the program's result
   */
  public TemporalService(Home home, Map<String, String> environment, Consumer<String> notices) {
    this(home, new TemporalBinary(environment, notices), notices);
  }

  TemporalService(Home home, TemporalBinary binary, Consumer<String> notices) {
    this.home = home;
    this.binary = binary;
    this.devServer = new TemporalDevServer(home);
    this.notices = notices;
  }

  /**
   * Answers a Temporal that serves, with the search attributes registered where we own the server.
   *
   * @throws Refusal if the chosen one does not serve or cannot be started
   */
  public RunningTemporal start(TemporalChoice choice) {
    return switch (choice) {
      case TemporalChoice.Given given -> given(given);
      case TemporalChoice.InProcess _ -> inProcess("as asked with --in-process");
      case TemporalChoice.DevServer _ ->
          switch (obtain()) {
            case TemporalBinary.Answer.Found found -> devServer(found.binary());
            case TemporalBinary.Answer.Missing missing ->
                throw Refusal.unreachable(
                    "There is no Temporal CLI %s: %s. Put `temporal` on the PATH, or give the address of a Temporal with --temporal."
                        .formatted(TemporalBinary.version(), String.join("; ", missing.reasons())));
          };
      case TemporalChoice.Automatic _ ->
          switch (obtain()) {
            case TemporalBinary.Answer.Found found -> devServer(found.binary());
            case TemporalBinary.Answer.Missing missing ->
                inProcess(String.join("; ", missing.reasons()));
          };
    };
  }

  /** Stops the dev server of this home. If none runs, does nothing. */
  public boolean stop() {
    return devServer.stop();
  }

  /** Where the dev server of this home serves; empty if none does. */
  public Optional<TemporalAddress> devServer() {
    return devServer.running();
  }

  /** Where this home's Temporal serves now; empty if it does not answer. */
  public Optional<TemporalAddress> serving() {
    return Optional.ofNullable(home.services().read().temporal())
        .filter(
            address -> TemporalProbe.serves(address.address(), TemporalProbe.DEFAULT_NAMESPACE));
  }

  private TemporalBinary.Answer obtain() {
    // A running server needs no binary.
    return devServer.running().isPresent()
        ? new TemporalBinary.Answer.Found(binary.find().orElse(Path.of("temporal")))
        : binary.obtain();
  }

  private RunningTemporal devServer(Path executable) {
    TemporalAddress address = devServer.start(executable);
    notices.accept(
        "Temporal: dev server at %s, UI at %s".formatted(address.address(), address.ui()));
    return new RunningTemporal(address, () -> {});
  }

  private RunningTemporal given(TemporalChoice.Given given) {
    String target = HostPort.parse(given.address(), PREFERRED_IN_PROCESS_PORT).toString();
    TemporalProbe.problem(target, TemporalProbe.DEFAULT_NAMESPACE)
        .ifPresent(
            problem -> {
              throw Refusal.unreachable(
                  "The Temporal at %s does not serve: %s. Start it or correct --temporal."
                      .formatted(target, problem));
            });
    SearchAttributes.register(target, TemporalProbe.DEFAULT_NAMESPACE);
    TemporalAddress address = new TemporalAddress(TemporalAddress.Kind.ADDRESS, target, given.ui());
    home.prepare().services().update(services -> services.withTemporal(address));
    notices.accept("Temporal: the given one at " + target);
    return new RunningTemporal(address, () -> {});
  }

  private RunningTemporal inProcess(String because) {
    int port = Ports.free(PREFERRED_IN_PROCESS_PORT);
    TestServer.PortBoundTestServer server = TestServer.createPortBoundServer(port, true);
    TemporalAddress address =
        new TemporalAddress(TemporalAddress.Kind.IN_PROCESS, "127.0.0.1:" + port, null);
    try {
      SearchAttributes.register(address.address(), TemporalProbe.DEFAULT_NAMESPACE);
      home.prepare().services().update(services -> services.withTemporal(address));
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
    notices.accept(
        "Temporal: in this process at %s (%s). Missing then: the Temporal UI, schedules, and runs that outlive this program."
            .formatted(address.address(), because));
    return new RunningTemporal(address, server::close);
  }

  /** The lines of {@code temporal status}. */
  public List<String> describe() {
    TemporalAddress address = home.services().read().temporal();
    if (address == null) {
      return List.of(
          "No Temporal was started or given here. `switchback temporal start` starts one.");
    }
    String state =
        TemporalProbe.problem(address.address(), TemporalProbe.DEFAULT_NAMESPACE)
            .map(problem -> "does not serve: " + problem)
            .orElse("serves");
    return List.of(
        "kind     " + address.kind().word(),
        "address  " + address.address(),
        "ui       " + (address.ui() == null ? "none" : address.ui()),
        "state    " + state);
  }
}
