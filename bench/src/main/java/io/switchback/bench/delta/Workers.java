package io.switchback.bench.delta;

import io.switchback.delta.Rung;
import io.switchback.delta.trust.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The workers of both sites: one serves the stage's folder, one pulls. */
final class Workers implements AutoCloseable {
  private static final Duration LASTING = Duration.ofDays(1);

  private final WorkerProcess serving;
  private final WorkerProcess pulling;
  private final String port;

  private Workers(WorkerProcess serving, WorkerProcess pulling) throws IOException {
    this.serving = serving;
    this.pulling = pulling;
    this.port = serving.line();
  }

  static Workers start(Stage stage) throws IOException {
    return new Workers(
        WorkerProcess.start("serve", stage.folder().toString()), WorkerProcess.start("pull"));
  }

  /** Over TLS, with certificates of an authority that is made for it. */
  static Workers startWithTls(Stage stage) throws IOException {
    Path folder = stage.folder().resolve("ca");
    CertificateAuthority authority =
        new CertificateAuthority(folder.resolve("ca"), InstantSource.system());
    var _ = authority.init("bench");
    for (String site : List.of(DiskWorker.SERVING_SITE, "potsdam")) {
      authority.issue(site, LASTING).files().write(folder.resolve(site));
    }
    return new Workers(
        WorkerProcess.start(
            "serve", stage.folder().toString(), folder.resolve(DiskWorker.SERVING_SITE).toString()),
        WorkerProcess.start("pull"));
  }

  WorkerProcess serving() {
    return serving;
  }

  WorkerProcess pulling() {
    return pulling;
  }

  String port() {
    return port;
  }

  /** One answer, and what it took of both processors. */
  record Turn(WorkerProcess.Answer answer, Taken taken) {
    /** What it took, if it found what changed in that way. */
    Taken by(Rung rung) throws IOException {
      var _ = answer.require(rung);
      return taken;
    }
  }

  /** The words for a comparison of the stage's pair, with its journal. */
  List<String> comparison(Stage stage, String how, String... more) {
    List<String> words = new ArrayList<>(List.of(how, port, "source", stage.target().toString()));
    words.addAll(List.of(more));
    words.addAll(stage.state());
    return words;
  }

  Turn remote(Stage stage) throws IOException {
    return turn(comparison(stage, "remote"));
  }

  /**
   * @param identity folder of the certificate of whoever pulls
   */
  Turn overTls(Stage stage, String identity) throws IOException {
    return turn(comparison(stage, "tls", identity));
  }

  Turn withoutJournal(Stage stage) throws IOException {
    return turn(bareComparison(stage));
  }

  /** The same, with nothing beside the target. */
  List<String> bareComparison(Stage stage) {
    return List.of("remote", port, "source", stage.target().toString());
  }

  /**
   * What every digest exchange has to do at the least, in a thread for each processor.
   *
   * @param keys so often the target is tagged; 0: it is only read
   */
  Taken tagging(Stage stage, int keys) throws IOException {
    String target = stage.target().toString();
    return turn("tag", "1", stage.source().toString(), Integer.toString(keys), target).taken();
  }

  /** What is left of it where the target's tags are stored. */
  Taken taggingSource(Stage stage) throws IOException {
    return turn("tag", "1", stage.source().toString()).taken();
  }

  Turn turn(List<String> words) throws IOException {
    return turn(words.toArray(String[]::new));
  }

  /** A turn of the worker that pulls. */
  Turn turn(String... words) throws IOException {
    double before = cpuSeconds();
    WorkerProcess.Answer answer = pulling.ask(words);
    return new Turn(answer, new Taken(answer.seconds(), cpuSeconds() - before));
  }

  private double cpuSeconds() throws IOException {
    return serving.cpuSeconds() + pulling.cpuSeconds();
  }

  @Override
  public void close() throws IOException {
    pulling.close();
    serving.close();
  }
}
