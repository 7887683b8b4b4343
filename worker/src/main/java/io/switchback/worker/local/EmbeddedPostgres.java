package io.switchback.worker.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL of this home: its data directory is kept between runs, and it outlives the program
 * that starts it. It listens on loopback only and asks for a password that only the owner of the
 * home can read.
 */
public final class EmbeddedPostgres {
  /** The name of its process in {@code services.json}. */
  public static final String NAME = "postgres";

  private static final String USER = "switchback";
  private static final String DATABASE = "postgres";
  private static final int PORT = 15_432;
  private static final int START_LIMIT_SECONDS = 60;
  private static final int PASSWORD_BYTES = 16;
  private static final Pattern PORT_IN_URL = Pattern.compile("jdbc:postgresql://[^/]*:(\\d+)/.*");

  private final Home home;
  private final Cache cache;

  public EmbeddedPostgres(Home home, Cache cache) {
    this.home = home;
    this.cache = cache;
  }

  /**
   * Starts it, on the port of last time where that is free, after a kill too. If it runs already,
   * answers where.
   *
   * @throws Refusal if it does not start
   */
  public RegistryAddress start() {
    home.prepare();
    return Exclusively.with(home.data().resolve("postgres.lock"), this::startAlone);
  }

  /** Where it serves, if it runs. */
  public Optional<RegistryAddress> running() {
    Services services = home.services().read();
    return Optional.ofNullable(services.registry())
        .filter(address -> address.kind() == RegistryAddress.Kind.EMBEDDED)
        .filter(address -> services.running(NAME).isPresent())
        .filter(address -> Ports.answers("127.0.0.1", port(address)));
  }

  /** Stops it and waits until its data is on the disk. If it does not run, does nothing. */
  public boolean stop() {
    return Exclusively.with(
        home.data().resolve("postgres.lock"),
        () -> {
          boolean ran = postmaster().isPresent();
          if (ran) {
            run(control("stop", "-m", "fast"), "stop");
          }
          home.services().update(services -> services.withoutProcess(NAME));
          return ran;
        });
  }

  private RegistryAddress startAlone() {
    Optional<RegistryAddress> running = running();
    if (running.isPresent()) {
      return running.get();
    }
    if (!Files.isDirectory(directory())) {
      initialize();
    }
    settle();
    int port = Ports.free(rememberedPort());
    run(control("start", "-l", home.log(NAME).toString(), "-o", options(port)), "start");
    StartedProcess process =
        postmaster()
            .orElseThrow(
                () ->
                    Refusal.unreachable(
                        "PostgreSQL ended right after its start; see " + home.log(NAME) + "."));
    RegistryAddress address = new RegistryAddress(RegistryAddress.Kind.EMBEDDED, url(port));
    home.services().update(services -> services.withRegistry(address).withProcess(process));
    return address;
  }

  private static String options(int port) {
    return "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=''".formatted(port);
  }

  /**
   * Settles what an earlier run left: a server that runs without answering, or that was never
   * written down, is stopped. A file that names a process which is somebody else's by now would
   * keep PostgreSQL from starting for ever; it gets a number that no process has, because the rest
   * of it is what PostgreSQL finds left-over backends by.
   */
  private void settle() {
    if (postmaster().isPresent()) {
      run(control("stop", "-m", "fast"), "stop");
      return;
    }
    Optional<Long> pid = pidInFile();
    if (pid.isPresent() && arguments(pid.get()).isPresent()) {
      Path file = pidFile();
      try {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(0, Integer.toString(Integer.MAX_VALUE));
        Files.write(file, lines);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /** The server of our directory. A process that merely has its number by now is not it. */
  private Optional<StartedProcess> postmaster() {
    return pidInFile()
        .filter(
            pid ->
                arguments(pid)
                    .filter(arguments -> arguments.contains(directory().toString()))
                    .isPresent())
        .flatMap(pid -> StartedProcess.of(NAME, pid, home.log(NAME)));
  }

  private static Optional<List<String>> arguments(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().arguments()).map(List::of);
  }

  private Path pidFile() {
    return directory().resolve("postmaster.pid");
  }

  private Optional<Long> pidInFile() {
    Path file = pidFile();
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().findFirst().map(line -> Long.parseLong(line.strip()))
          : Optional.empty();
    } catch (IOException | NumberFormatException unreadable) {
      return Optional.empty();
    }
  }

  private void initialize() {
    Path part = directory().resolveSibling("postgres.part");
    Path password = passwordFile();
    try {
      PostgresBinaries.delete(part);
      byte[] secret = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(secret);
      Files.deleteIfExists(password);
      createForOwner(password);
      Files.writeString(password, HexFormat.of().formatHex(secret));
      run(
          command(
              "initdb",
              "-D",
              part.toString(),
              "-U",
              USER,
              "-A",
              "scram-sha-256",
              "--pwfile=" + password,
              "-E",
              "UTF8",
              "--no-locale"),
          "initialize");
      Files.move(part, directory(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not initialize " + directory(), failure);
    }
  }

  private static void createForOwner(Path file) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      var owner = PosixFilePermissions.fromString("rw-------");
      Files.createFile(file, PosixFilePermissions.asFileAttribute(owner));
    }
  }

  private int rememberedPort() {
    return Optional.ofNullable(home.services().read().registry())
        .filter(address -> address.kind() == RegistryAddress.Kind.EMBEDDED)
        .map(EmbeddedPostgres::port)
        .orElse(PORT);
  }

  private static int port(RegistryAddress address) {
    Matcher matcher = PORT_IN_URL.matcher(address.jdbcUrl());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : PORT;
  }

  private String url(int port) {
    try {
      return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
          .formatted(port, DATABASE, USER, Files.readString(passwordFile()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Path directory() {
    return home.data().resolve("postgres");
  }

  private Path passwordFile() {
    return home.data().resolve("postgres.password");
  }

  private List<String> control(String... arguments) {
    List<String> all = new ArrayList<>(List.of("-D", directory().toString(), "-w"));
    all.addAll(List.of("-t", Integer.toString(START_LIMIT_SECONDS)));
    all.addAll(List.of(arguments));
    return command("pg_ctl", all.toArray(String[]::new));
  }

  private List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>(UserNamespace.prefix());
    command.add(PostgresBinaries.in(cache).resolve(Path.of("bin", program)).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private void run(List<String> command, String verb) {
    // Into a file, not a pipe: the server inherits it, and a pipe would stay open as long as the
    // server.
    Path output = home.logs().resolve(NAME + "-" + verb + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.directory().toFile())
            .redirectInput(new java.io.File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    try {
      Process process = builder.start();
      boolean inTime = process.waitFor(2L * START_LIMIT_SECONDS, TimeUnit.SECONDS);
      if (!inTime || process.exitValue() != 0) {
        process.destroy();
        throw Refusal.unreachable(
            "Could not %s the embedded PostgreSQL in '%s': %s. See %s."
                .formatted(verb, directory(), lastLine(output), home.log(NAME)));
      }
    } catch (IOException failure) {
      throw Refusal.unreachable(
          "Could not run %s: %s.".formatted(command.getFirst(), failure.getMessage()), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Refusal.unreachable("Interrupted while PostgreSQL was to " + verb + ".");
    }
  }

  private static String lastLine(Path file) throws IOException {
    List<String> lines =
        Files.readString(file, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    return lines.isEmpty() ? "it gave no reason" : lines.getLast().strip();
  }
}
