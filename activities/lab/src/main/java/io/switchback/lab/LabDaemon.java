package io.switchback.lab;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hypervisor of one site. Killing its process is a host crash: what was not flushed is lost,
 * nothing else.
 */
public final class LabDaemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabDaemon.class);

  private final FileChannel lockFile;
  private final LabSite site;
  private final ScriptedFaults faults;
  private final DataPort data;
  private final HttpServer server;
  private final URI address;

  private LabDaemon(
      FileChannel lockFile,
      LabSite site,
      ScriptedFaults faults,
      DataPort data,
      HttpServer server,
      URI address) {
    this.lockFile = lockFile;
    this.site = site;
    this.faults = faults;
    this.data = data;
    this.server = server;
    this.address = address;
  }

  /**
   * Starts a site's daemon on its directory and writes its address to the file {@code address}
   * there.
   *
   * <p>What ran when the host went down is powered off, or on again if its definition says
   * autostart.
   *
   * @throws IOException when another daemon has the directory, when the port is taken, or when the
   *     state cannot be read
   */
  public static LabDaemon start(LabSettings settings) throws IOException {
    Path directory = settings.directory();
    Files.createDirectories(directory);
    FileChannel lockFile = lock(directory);
    try {
      Files.deleteIfExists(directory.resolve("address"));
      HttpServer server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
      URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      SiteTokens tokens = SiteTokens.open(settings.site(), directory, InstantSource.system());
      GuestLauncher guests = new GuestKinds(address, tokens.forGuests());
      LabSite site =
          LabSite.open(directory, guests, settings.resources(), new PowerHook(settings.onPower()));
      ScriptedFaults faults = new ScriptedFaults();
      DataPort data = DataPort.open(site, faults, tokens);
      Calls calls = new Calls(site, faults, tokens, settings.site(), directory, data.port());
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", new LabApi(calls, site, faults, tokens));
      LabDaemon daemon = new LabDaemon(lockFile, site, faults, data, server, address);
      data.start();
      server.start();
      site.recover(settings.site());
      writeAddress(directory, address);
      LOG.info(
          "lab site serves site={} address={} directory={}", settings.site(), address, directory);
      return daemon;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel file =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(file)) {
      file.close();
      throw new IOException(
          "Could not start a lab site on '%s': another daemon has it. Stop that one first."
              .formatted(directory));
    }
    return file;
  }

  private static boolean isLocked(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (java.nio.channels.OverlappingFileLockException e) {
      return false; // A daemon in this same process has it.
    }
  }

  private static void writeAddress(Path directory, @Nullable URI address) throws IOException {
    Path fresh = directory.resolve("address.new");
    Files.writeString(fresh, address + "\n");
    Files.move(
        fresh,
        directory.resolve("address"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Where the daemon answers, for {@link LabClient#at}. */
  public URI address() {
    return address;
  }

  /** Stops in good order: guests end, caches are flushed. */
  @Override
  public void close() throws IOException {
    faults.clear();
    server.stop(0);
    data.close();
    site.close();
    lockFile.close();
  }
}
