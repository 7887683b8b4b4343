package io.switchback.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporalBinaryTest {
  private static final String VERSION = PinnedTemporal.version();

  @TempDir Path directory;

  private final Map<String, byte[]> published = new HashMap<>();
  private final List<String> notices = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void publish() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = published.get(exchange.getRequestURI().getPath());
          exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
          if (body != null) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void unpublish() {
    server.stop(0);
  }

  @Test
  void pinsTheVersionOfTheModule() {
    assertThat(VERSION).matches("\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void takesTheOneInTheCacheBeforeTheOneOnThePath() throws Exception {
    Path onPath = executable(directory.resolve("bin/temporal"));
    assertThat(binary().find()).contains(onPath);

    Path pinned = executable(pinned());
    assertThat(binary().find()).contains(pinned);
  }

  @Test
  void downloadsTheReleaseWhenItsChecksumIsThePublishedOne() throws Exception {
    byte[] archive = archive("the binary");
    publish(archive, PinnedTemporal.sha256(archive));

    assertThat(binary().obtain()).isEqualTo(new TemporalBinary.Answer.Found(pinned()));
    assertThat(pinned()).hasContent("the binary").isExecutable();
    assertThat(pinned().getParent().toFile().list()).containsExactly("temporal");
  }

  @Test
  void refusesADownloadWithAnotherChecksumAndInstallsNothing() throws Exception {
    publish(archive("something else"), PinnedTemporal.sha256(archive("the binary")));

    assertThatThrownBy(() -> binary().obtain())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("checksum")
        .hasMessageContaining("not installed");
    assertThat(pinned()).doesNotExist();
  }

  @Test
  void namesEveryWayThatFailedWhenThereIsNone() {
    server.stop(0);

    assertThat(binary().obtain())
        .isInstanceOfSatisfying(
            TemporalBinary.Answer.Missing.class,
            missing ->
                assertThat(missing.reasons())
                    .satisfiesExactly(
                        first -> assertThat(first).contains("official release is not reachable"),
                        second -> assertThat(second).contains("Go is not on the PATH")));
  }

  @Test
  void buildsThePinnedModuleWhenThereIsNoReleaseButGo() throws Exception {
    fakeGo(
        "while [ \"$1\" != -o ]; do shift; done; grep -q 'temporalio/cli v' go.mod && printf built > \"$2\" && chmod +x \"$2\"");

    assertThat(binary().obtain()).isEqualTo(new TemporalBinary.Answer.Found(pinned()));
    assertThat(pinned()).hasContent("built");
    assertThat(notices).anyMatch(line -> line.contains("takes minutes"));
  }

  @Test
  void saysWhatGoSaidWhenTheBuildFails() throws Exception {
    fakeGo("echo 'no such module' >&2; exit 1");

    assertThat(binary().obtain())
        .isInstanceOfSatisfying(
            TemporalBinary.Answer.Missing.class,
            missing -> assertThat(missing.reasons().getLast()).contains("no such module"));
    assertThat(pinned()).doesNotExist();
  }

  private TemporalBinary binary() {
    Map<String, String> environment =
        Map.of(
            "PATH", directory.resolve("bin").toString(),
            "HOME", directory.toString(),
            "XDG_CACHE_HOME", directory.resolve("cache").toString());
    URI releases = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    return new TemporalBinary(
        environment, new TemporalRelease(releases, VERSION, notices::add), notices::add);
  }

  private Path pinned() {
    return PinnedTemporal.binary(new Cache(directory.resolve("cache")));
  }

  private void publish(byte[] archive, String checksum) {
    String name =
        "temporal_cli_%s_%s_%s.tar.gz"
            .formatted(VERSION, TemporalRelease.operatingSystem(), TemporalRelease.architecture());
    published.put("/v" + VERSION + "/" + name, archive);
    published.put(
        "/v" + VERSION + "/checksums.txt",
        "%s  another.tar.gz%n%s  %s%n"
            .formatted("0".repeat(64), checksum, name)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] archive(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes))) {
      for (Map.Entry<String, String> file :
          Map.of("LICENSE", "MIT", "temporal", content).entrySet()) {
        byte[] body = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(body.length);
        tar.putArchiveEntry(entry);
        tar.write(body);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** A directory of programs as the script needs them, and a go that does as it is told. */
  private void fakeGo(String script) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    for (String tool :
        List.of(
            "bash",
            "sed",
            "head",
            "tail",
            "cut",
            "mkdir",
            "mktemp",
            "mv",
            "rm",
            "flock",
            "dirname",
            "sha256sum",
            "shasum",
            "sleep",
            "grep",
            "chmod",
            "perl")) {
      var real = Executables.onPath(tool, System.getenv("PATH"));
      if (real.isPresent()) {
        Files.writeString(
            executable(bin.resolve(tool)), "#!/bin/sh\nexec " + real.get() + " \"$@\"\n");
      }
    }
    Files.writeString(
        executable(bin.resolve("go")),
        "#!/bin/sh\n[ \"$1\" = env ] && { echo go1.26; exit 0; }\n" + script + "\n");
  }

  private static Path executable(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
